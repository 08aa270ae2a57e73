package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"strconv"

	"shop/orders"
)

var out = map[string]string{}

func grab(name string, call func()) {
	defer func() {
		if problem := recover(); problem != nil {
			out[name] = string(debug.Stack())
			out[name+":type"] = fmt.Sprintf("%T", problem)
			out[name+":message"] = fmt.Sprint(problem)
		}
	}()
	call()
}

func recorded(err error) {
	buffer := make([]byte, 2048)
	n := runtime.Stack(buffer, false)
	out["recorded"] = string(buffer[:n])
}

func recurse(n int) int {
	if n == 0 {
		panic("bottom")
	}
	return recurse(n-1) + 1
}

func main() {
	grab("panic", func() { panic(errors.New("plain")) })
	grab("index", func() { orders.First(nil) })
	grab("method", func() { (&orders.Order{ID: 7}).Charge() })
	grab("value_method", func() { orders.Order{ID: 7}.Pay() })
	grab("generic", func() { orders.Map([]int{1}, func(n int) string { panic("generic " + strconv.Itoa(n)) }) })
	grab("sort", func() { sort.Slice([]int{2, 1}, func(i, j int) bool { panic("sort") }) })
	grab("recursion", func() { recurse(5) })
	grab("long", func() { recurse(200) })
	done := make(chan bool)
	go func() {
		defer close(done)
		grab("goroutine", func() { (&orders.Order{ID: 8}).Charge() })
	}()
	<-done
	recorded(errors.New("x"))
	json.NewEncoder(os.Stdout).Encode(out)
}
