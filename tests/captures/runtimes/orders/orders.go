package orders

import "fmt"

type Order struct{ ID int }

func First(rows []string) string { return rows[0] }

func (o *Order) Charge() {
	func() {
		var missing *Order
		missing.ID = 1
	}()
}

func (o Order) Pay() { panic(fmt.Errorf("order %d: %w", o.ID, fmt.Errorf("refused"))) }

func Map[T, U any](rows []T, call func(T) U) []U {
	var done []U
	for _, row := range rows {
		done = append(done, call(row))
	}
	return done
}
