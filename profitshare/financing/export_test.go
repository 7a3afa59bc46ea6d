package financing

// AllowedIn is the state machine, for the test that compares it with doc.go.
func AllowedIn(name EventName) []State { return allowedIn(name) }
