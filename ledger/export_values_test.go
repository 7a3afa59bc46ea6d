package ledger

// MustChart lets tests see the panic over a broken embedded chart.
var MustChart = mustChart
