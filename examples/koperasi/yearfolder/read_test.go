package yearfolder_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
)

// small is a sound folder that has at least one row of every sort.
func small() map[string]string {
	return map[string]string{
		"cooperative.csv": lines("key,value", "id,kspps-uji", "name,KSPPS Uji", "currency,IDR", "opening_date,2024-02-29",
			"first_day,2024-03-01", "last_day,2024-04-30", "step,1", "tax_threshold,240000", "tax_rate,0.10"),
		"accounts.csv": lines("code,name,name_en,kind,normal,sub",
			"101,Kas,Cash,asset,debit,no", "102,Kas Kebajikan,,asset,debit,no", "111,Piutang,,asset,debit,yes",
			"112,Margin Ditangguhkan,,asset,credit,yes", "114,Persediaan,,asset,debit,yes", "201,Wadiah,,liability,credit,yes",
			"202,Bagi Hasil,,liability,credit,yes", "203,Uang Muka,,liability,credit,yes", "204,PPh,,liability,credit,no",
			"301,Mudharabah,,syirkah,credit,yes", "401,Cadangan,,equity,credit,no", "402,SHU,,equity,credit,no",
			"501,Margin,,income,credit,no", "509,Hak Anggota,,income,debit,no", "601,Beban,,expense,debit,no",
			"902,Denda,,benevolent,credit,no"),
		"roles.csv": lines("role,code", "murabahah.inventory,114", "murabahah.receivable,111", "murabahah.deferred_margin,112",
			"murabahah.down_payment,203", "murabahah.margin_income,501", "penalty.cash,102", "penalty.fund,902",
			"distribution.payable,202", "distribution.tax,204", "closing.result,402"),
		"products.csv": lines("code,name,akad,control,nisbah,min_opening,min_balance,share_account",
			"SIWA,Wadiah,wadiah,201,,10000,10000,", "SIMUDA,Mudharabah,mudharabah,301,0.40,20000,10000,509"),
		"pool.csv":    lines("income_account", "501"),
		"members.csv": lines("id,name,joined", "M1,Siti,2019-07-09", "M2,Anwar,2024-03-05"),
		"opening.csv": lines("code,sub,debit,credit", "101,,1000000.50,", "301,M1-S,,600000.50", "401,,,400000"),
		"savings.csv": lines("date,key,event,account,member,product,amount,counter,pay_to,memo",
			"2024-02-29,S1,open,M1-S,M1,SIMUDA,,,M1-W,saldo awal",
			"2024-03-01,S2,open,M1-W,M1,SIWA,,,,",
			"2024-03-01,S3,transfer,M1-S,M1,SIMUDA,50000,M1-W,,\"pindah\nbuku\"",
			"2024-03-05,S4,open,M2-S,M2,SIMUDA,,,,",
			"2024-03-05,S5,deposit,M2-S,M2,SIMUDA,100000,101,,",
			"2024-04-30,S6,withdraw,M2-S,M2,SIMUDA,1000.25,101,,"),
		"murabahah.csv": lines("contract,member,goods,cost,margin,down_payment,instalments,first_due,method,step",
			"C1,M1,Laptop,300000,60000,30000,3,2024-04-10,proportional,1000", "C2,M2,Kulkas,200000,0,0,1,2024-04-10,annuity,1"),
		"murabahah_events.csv": lines("date,key,contract,event,amount,account",
			"2024-03-06,E1,C1,order,,", "2024-03-06,E2,C1,down_payment,30000,101", "2024-03-07,E3,C1,acquire,300000,101",
			"2024-03-08,E4,C1,sell,,", "2024-04-10,E5,C1,pay,110000,101", "2024-04-12,E6,C1,penalty,5000,",
			"2024-04-30,E7,C1,settle,,101", "2024-03-06,E8,C2,order,,"),
		"journal.csv": lines("date,key,memo,code,sub,debit,credit",
			"2024-03-31,J1,Gaji,601,,5000,", "2024-03-31,J1,Gaji,101,,,5000",
			"2024-04-01,J2,Koreksi,101,,7000,", "2024-04-01,J2,Koreksi,301,M2-S,,4000", "2024-04-01,J2,Koreksi,401,,,3000"),
	}
}

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }

func files(folder map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, content := range folder {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// edit is one change to a file of the small folder: to the lines of a line
// number from 1, or an added last line where it is 0.
type edit struct {
	file string
	line int
	text string
}

func edited(t *testing.T, edits ...edit) map[string]string {
	t.Helper()
	folder := small()
	for _, e := range edits {
		require.Contains(t, folder, e.file)
		if e.line == 0 {
			folder[e.file] += e.text + "\n"
			continue
		}
		all := strings.Split(folder[e.file], "\n")
		require.Less(t, e.line, len(all))
		all[e.line-1] = e.text
		folder[e.file] = strings.Join(all, "\n")
	}
	return folder
}

func TestRead(t *testing.T) {
	folder, faults := yearfolder.Read(files(small()))
	require.Empty(t, faults)

	c := folder.Cooperative
	require.Equal(t, "KSPPS Uji", c.Name)
	require.Equal(t, ledger.On(2024, 2, 29), c.OpeningDate)
	require.Equal(t, ledger.IDR.Of(240_000), c.TaxThreshold)
	require.Equal(t, "0.1", c.TaxRate.String())
	require.Equal(t, yearfolder.Place{File: "cooperative.csv", Line: 8}, c.At("step"))

	require.Len(t, folder.Chart(), 16)
	require.Equal(t, "203", folder.Roles[yearfolder.MurabahahDownPayment].Code)
	require.Equal(t, "0.4", folder.Products[1].Nisbah.String())
	require.Equal(t, "509", folder.Products[1].ShareAccount)

	require.Equal(t, []yearfolder.EntryLine{
		{Place: yearfolder.Place{File: "opening.csv", Line: 2}, Code: "101", Amount: ledger.Minor(100_000_050)},
		{Place: yearfolder.Place{File: "opening.csv", Line: 3}, Code: "301", Sub: "M1-S", Amount: ledger.Minor(-60_000_050)},
		{Place: yearfolder.Place{File: "opening.csv", Line: 4}, Code: "401", Amount: ledger.IDR.Of(-400_000)},
	}, folder.Opening)
	require.Equal(t, "M1-W", folder.Savings[0].PayTo, "as the file says")
	require.Equal(t, "M1-W", folder.Savings[1].PayTo, "itself, where the file says nothing")
	require.Equal(t, yearfolder.SavingsRow{
		Place: yearfolder.Place{File: "savings.csv", Line: 4}, Date: ledger.On(2024, 3, 1), Key: "S3", Event: yearfolder.Transfer,
		Account: "M1-S", Member: "M1", Product: "SIMUDA", Amount: ledger.IDR.Of(50_000), Counter: "M1-W", Memo: "pindah\nbuku",
	}, folder.Savings[2])
	require.Equal(t, 6, folder.Savings[3].Line, "a quoted line end counts as a line")
	require.Equal(t, yearfolder.Contract{
		Place: yearfolder.Place{File: "murabahah.csv", Line: 2}, ID: "C1", Member: "M1", Goods: "Laptop",
		Cost: ledger.IDR.Of(300_000), Margin: ledger.IDR.Of(60_000), DownPayment: ledger.IDR.Of(30_000),
		Instalments: 3, FirstDue: ledger.On(2024, 4, 10), Method: yearfolder.Proportional, Step: ledger.IDR.Of(1000),
	}, folder.Contracts[0])
	require.Equal(t, yearfolder.MurabahahEvent{
		Place: yearfolder.Place{File: "murabahah_events.csv", Line: 3}, Date: ledger.On(2024, 3, 6), Key: "E2",
		Contract: "C1", Event: yearfolder.DownPayment, Amount: ledger.IDR.Of(30_000), Account: "101",
	}, folder.Events[1])
	require.Len(t, folder.Journal, 2)
	require.Equal(t, yearfolder.Place{File: "journal.csv", Line: 4}, folder.Journal[1].Place)
	require.Len(t, folder.Journal[1].Lines, 3)
}

func TestStepsAreInTheOrderOfTheYear(t *testing.T) {
	folder, faults := yearfolder.Read(files(small()))
	require.Empty(t, faults)
	var order []string
	for _, step := range folder.Steps() {
		switch {
		case step.Savings != nil:
			order = append(order, step.Savings.Key)
			require.Equal(t, step.Savings.Place, step.Place())
		case step.Event != nil:
			order = append(order, step.Event.Key)
			require.Equal(t, step.Event.Place, step.Place())
		case step.Entry != nil:
			order = append(order, step.Entry.Key)
			require.Equal(t, step.Entry.Place, step.Place())
		}
	}
	require.Equal(t, "S1 S2 S3 S4 S5 E1 E2 E8 E3 E4 J1 J2 E5 E6 S6 E7", strings.Join(order, " "))
}

// Other spellings of the same folder read the same.
func TestFormsThatAreAccepted(t *testing.T) {
	want, _ := yearfolder.Read(files(small()))
	for name, change := range map[string]func(map[string]string){
		"byte order mark": func(f map[string]string) {
			for file := range f {
				f[file] = "\ufeff" + f[file]
			}
		},
		"CRLF": func(f map[string]string) {
			for file := range f {
				f[file] = strings.ReplaceAll(f[file], "\n", "\r\n")
			}
		},
		"no line end at the end": func(f map[string]string) {
			for file := range f {
				f[file] = strings.TrimSuffix(f[file], "\n")
			}
		},
		"other order of columns": func(f map[string]string) {
			f["roles.csv"] = swapColumns(f["roles.csv"])
			f["cooperative.csv"] = swapColumns(f["cooperative.csv"])
		},
		"quoted cells":    func(f map[string]string) { f["members.csv"] = strings.Replace(f["members.csv"], "Siti", `"Siti"`, 1) },
		"empty last line": func(f map[string]string) { f["pool.csv"] += "\n\n" },
		"other files":     func(f map[string]string) { f["catatan.txt"] = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			folder := small()
			change(folder)
			got, faults := yearfolder.Read(files(folder))
			require.Empty(t, faults)
			require.Equal(t, fmt.Sprint(want), fmt.Sprint(got))
		})
	}
}

func swapColumns(text string) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range all {
		left, right, _ := strings.Cut(line, ",")
		all[i] = right + "," + left
	}
	return lines(all...)
}

func TestRepeatsChangeNothing(t *testing.T) {
	want, _ := yearfolder.Read(files(small()))
	got, faults := yearfolder.Read(files(edited(t,
		edit{"savings.csv", 0, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,100000.00,101,,"},
		edit{"savings.csv", 0, "2024-03-05,S4,open,M2-S,M2,SIMUDA,,,,"},
		edit{"murabahah_events.csv", 0, "2024-03-06,E1,C1,order,,"},
		edit{"journal.csv", 0, "2024-03-31,J1,Gaji,601,,5000,"},
		edit{"journal.csv", 0, "2024-03-31,J1,Gaji,101,,,5000.0"},
	)))
	require.Empty(t, faults)
	require.Equal(t, fmt.Sprint(want), fmt.Sprint(got))
}

func TestHeadersWithoutRows(t *testing.T) {
	folder := small()
	for _, name := range []string{"opening.csv", "savings.csv", "murabahah.csv", "murabahah_events.csv", "journal.csv", "members.csv", "products.csv", "pool.csv"} {
		folder[name], _, _ = strings.Cut(folder[name], "\n")
	}
	_, faults := yearfolder.Read(files(folder))
	require.Empty(t, faults)
}

func TestMelatiHasNoFaults(t *testing.T) {
	folder, faults := yearfolder.Read(os.DirFS("../melati/in"))
	require.Empty(t, faults)
	require.Len(t, folder.Members, 120)
	require.Len(t, folder.Steps(), 2857+981+113)
}

func ExampleRead() {
	folder := small()
	folder["members.csv"] += "M1,Sri,2024-02-03\n"
	folder["opening.csv"] += "401,,,0.50\n"

	_, faults := yearfolder.Read(files(folder))
	for _, fault := range faults {
		fmt.Println(fault)
	}
	// Output:
	// members.csv:4: id "M1": stands in line 2 already
	// opening.csv:2: the opening: does not balance, credit is greater by 0.50
}

// The limits themselves are allowed; TestOneFault goes one beyond.
func TestLimits(t *testing.T) {
	require.Equal(t, 120, yearfolder.MaxMonths)
	require.Equal(t, 1200, yearfolder.MaxInstalments)
	key, member := strings.Repeat("K", ledger.MaxKey), strings.Repeat("M", ledger.MaxSub)
	_, faults := yearfolder.Read(files(edited(t,
		edit{"cooperative.csv", 7, "last_day,2034-02-28"},
		edit{"cooperative.csv", 10, "tax_rate,1"},
		edit{"products.csv", 3, "SIMUDA,M,mudharabah,301,1,20000,10000,509"},
		edit{"members.csv", 0, member + "," + strings.Repeat("n", ledger.MaxText) + ",1900-01-01"},
		edit{"murabahah.csv", 2, "C1,M1,Laptop,300000,60000,299999.99,1200,2024-04-10,annuity,0.01"},
		edit{"savings.csv", 0, "2024-03-01," + key + ",open," + strings.Repeat("A", ledger.MaxSub) + "," + member + ",SIWA,,,,"},
	)))
	require.Empty(t, faults)
}
