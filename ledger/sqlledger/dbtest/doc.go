// Package dbtest runs the books on real databases: SQLite always, PostgreSQL
// where its server programs are installed. It holds tests only; the drivers
// that they need are requirements of this module and of no other.
package dbtest
