package dbtest

// childFile names the database of a child process that writes until it is killed.
const childFile = "MIZAN_DBTEST_CHILD"

func childMain(string) {}
