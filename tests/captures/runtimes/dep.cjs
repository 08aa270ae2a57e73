module.exports.go = (f) => { Object.keys({ a: 1 }).forEach(function each() { f(13); }); };
