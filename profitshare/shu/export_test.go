package shu

// AllowedIn is the state machine, for the test that compares it with doc.go.
func AllowedIn(name EventName) []State { return allowedIn(name) }

// Largest is the selection that the largest rests are found by.
func Largest(numbers []uint64, count int) uint64 { return largest(numbers, count) }
