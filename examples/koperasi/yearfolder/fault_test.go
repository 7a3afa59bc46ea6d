package yearfolder_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
)

// Each case is the small folder with one mistake, and all that is said about it.
func TestOneFault(t *testing.T) {
	const (
		coop, accounts, roles, products = "cooperative.csv", "accounts.csv", "roles.csv", "products.csv"
		pool, members, opening, savings = "pool.csv", "members.csv", "opening.csv", "savings.csv"
		terms, events, journal          = "murabahah.csv", "murabahah_events.csv", "journal.csv"
	)
	for _, test := range []struct {
		edit edit
		want string // how the only message begins
	}{
		// cooperative.csv
		{edit{coop, 2, "id,"}, `cooperative.csv:2: id "": missing`},
		{edit{coop, 3, "nama,KSPPS Uji"}, `cooperative.csv:3: key "nama": unknown`},
		{edit{coop, 0, "step,5"}, `cooperative.csv:11: key "step": stands in line 8 already`},
		{edit{coop, 4, "currency,USD"}, `cooperative.csv:4: currency "USD"`},
		{edit{coop, 5, "opening_date,2024-02-28"}, `cooperative.csv:5: opening_date "2024-02-28": not the last day of a month`},
		{edit{coop, 5, "opening_date,2024-03-31"}, `cooperative.csv:5: opening_date "2024-03-31": not the day before`},
		{edit{coop, 6, "first_day,2024-03-02"}, `cooperative.csv:6: first_day "2024-03-02": not the day after`},
		{edit{coop, 6, "first_day,1 Maret"}, `cooperative.csv:6: first_day "1 Maret": not a date`},
		{edit{coop, 7, "last_day,2024-04-29"}, `cooperative.csv:7: last_day "2024-04-29": not the last day`},
		{edit{coop, 7, "last_day,2024-01-31"}, `cooperative.csv:7: last_day "2024-01-31": before first_day`},
		{edit{coop, 7, "last_day,2034-03-31"}, `cooperative.csv:7: last_day "2034-03-31": more than 120 months`},
		{edit{coop, 8, "step,0"}, `cooperative.csv:8: step "0": zero`},
		{edit{coop, 8, "step,0.001"}, `cooperative.csv:8: step "0.001": more than 2 decimals`},
		{edit{coop, 9, "tax_threshold,-1"}, `cooperative.csv:9: tax_threshold "-1": negative`},
		{edit{coop, 10, "tax_rate,1.01"}, `cooperative.csv:10: tax_rate "1.01": above 1`},
		{edit{coop, 10, "tax_rate,10%"}, `cooperative.csv:10: tax_rate "10%": not a plain decimal`},
		{edit{coop, 10, "tax_rate,1e-1"}, `cooperative.csv:10: tax_rate "1e-1": not a plain decimal`},
		// accounts.csv
		{edit{accounts, 0, "101,Kas,,asset,debit,no"}, `accounts.csv:18: code "101": stands in line 2 already`},
		{edit{accounts, 0, ",Kas,,asset,debit,no"}, `accounts.csv:18: code "": missing`},
		{edit{accounts, 0, "1:2,Kas,,asset,debit,no"}, `accounts.csv:18: code "1:2": has a colon`},
		{edit{accounts, 0, "7,,,asset,debit,no"}, `accounts.csv:18: name "": missing`},
		{edit{accounts, 2, "101,Kas,,aset,debit,no"}, `accounts.csv:2: kind "aset": want asset, `},
		{edit{accounts, 2, "101,Kas,,memorandum,debit,no"}, `accounts.csv:2: kind "memorandum": want`},
		{edit{accounts, 2, "101,Kas,,asset,debet,no"}, `accounts.csv:2: normal "debet": want debit or credit`},
		{edit{accounts, 2, "101,Kas,,asset,debit,ya"}, `accounts.csv:2: sub "ya": want yes or no`},
		{edit{accounts, 2, "101,\"Kas\nTeller\",Cash,asset,debit,no"}, `accounts.csv:2: name "Kas\nTeller": has a control character`},
		{edit{accounts, 0, "7\u200b,Kas,,asset,debit,no"}, `accounts.csv:18: code "7\u200b": has an invisible character`},
		// roles.csv
		{edit{roles, 0, "murabahah.vat,204"}, `roles.csv:12: role "murabahah.vat": unknown`},
		{edit{roles, 0, "penalty.fund,902"}, `roles.csv:12: role "penalty.fund": stands in line 8 already`},
		{edit{roles, 8, "penalty.fund,903"}, `roles.csv:8: code "903": unknown, not in accounts.csv`},
		{edit{roles, 8, "penalty.fund,501"}, `roles.csv:8: code "501": want a benevolent or liability account`},
		{edit{roles, 3, "murabahah.receivable,101"}, `roles.csv:3: code "101": want an asset account with sub keys`},
		{edit{roles, 3, "murabahah.receivable,114"}, `roles.csv:3: code "114": plays the role murabahah.inventory already`},
		{edit{roles, 4, "murabahah.deferred_margin,111"}, `roles.csv:4: code "111": want an asset account with sub keys whose normal side is credit`},
		{edit{roles, 10, "distribution.tax,401"}, `roles.csv:10: code "401": want a liability account without sub keys`},
		{edit{roles, 11, "closing.result,101"}, `roles.csv:11: code "101": want an equity account`},
		// products.csv
		{edit{products, 3, "SIMUDA,M,mudharabah,301,0.4,20000,10000,401"}, `products.csv:3: share_account "401": want an income or expense account`},
		{edit{products, 3, "SIMUDA,M,mudharabah,301,0,20000,10000,509"}, `products.csv:3: nisbah "0": zero; want above 0 and at most 1`},
		{edit{products, 3, "SIMUDA,M,mudharabah,301,1.1,20000,10000,509"}, `products.csv:3: nisbah "1.1": above 1; want`},
		{edit{products, 3, "SIMUDA,M,mudharabah,301,,20000,10000,509"}, `products.csv:3: nisbah "": missing`},
		{edit{products, 3, "SIMUDA,M,mudharabah,301,0.4,20000,10000,"}, `products.csv:3: share_account "": missing`},
		{edit{products, 3, "SIMUDA,M,mudharabah,301,0.4,20000,10000,301"}, `products.csv:3: share_account "301": want`},
		{edit{products, 3, "SIMUDA,M,mudharabah,401,0.4,20000,10000,509"}, `products.csv:3: control "401": want`},
		{edit{products, 3, "SIMUDA,M,mudharabah,202,0.4,20000,10000,509"}, `products.csv:3: control "202": plays the role distribution.payable already`},
		{edit{products, 3, "SIMUDA,M,deposito,301,,20000,10000,"}, `products.csv:3: akad "deposito": want pokok`},
		{edit{products, 2, "SIWA,W,wadiah,201,0.4,0,0,"}, `products.csv:2: nisbah "0.4": must be empty with akad wadiah`},
		{edit{products, 2, "SIWA,W,wadiah,201,,0,0,509"}, `products.csv:2: share_account "509": must be empty`},
		{edit{products, 2, "SIWA,W,wadiah,201,,-1,0,"}, `products.csv:2: min_opening "-1": negative`},
		{edit{products, 0, "SIWA,W,wadiah,201,,0,0,"}, `products.csv:4: code "SIWA": stands in line 2 already`},
		// pool.csv
		{edit{pool, 0, "101"}, `pool.csv:3: income_account "101": want an income account`},
		{edit{pool, 0, "501"}, `pool.csv:3: income_account "501": stands in line 2 already`},
		{edit{pool, 0, "509"}, `pool.csv:3: income_account "509": is the share_account of product "SIMUDA"`},
		{edit{pool, 0, `""`}, `pool.csv:3: income_account "": missing`},
		// members.csv
		{edit{members, 0, "M1,Lain,2020-01-01"}, `members.csv:4: id "M1": stands in line 2 already`},
		{edit{members, 0, "M3,Lain,2023-02-29"}, `members.csv:4: joined "2023-02-29": not a date, no such day`},
		{edit{members, 3, "M2,Anwar,5/3/2024"}, `members.csv:3: joined "5/3/2024": not a date`},
		{edit{members, 0, "M3"}, `members.csv:4: 1 fields, the header has 3: "M3"`},
		{edit{members, 3, "M2,Anwar,2024-03-05,"}, `members.csv:3: 4 fields, the header has 3`},
		{edit{members, 3, `M2,An"war,2024-03-05`}, `members.csv:3: a quote inside a field`},
		{edit{members, 3, `M2,"An"war,2024-03-05`}, `members.csv:3: a quoted field that is not closed, or has text after`},
		{edit{members, 2, `M1,"Siti,2019-07-09`}, `members.csv:2: a quoted field that is not closed`},
		{edit{members, 2, "M1,S\xffiti,2019-07-09"}, `members.csv:2: not UTF-8: "S\xffiti"`},
		{edit{members, 0, "M 3 ,Lain,2020-01-01"}, `members.csv:4: id "M 3 ": begins or ends with a space`},
		{edit{members, 0, "M\x003,Lain,2020-01-01"}, `members.csv:4: id "M\x003": has a control character`},
		{edit{members, 0, strings.Repeat("M", 200) + ",Lain,2020-01-01"}, `members.csv:4: id "` + strings.Repeat("M", 60) + `...": longer than 120 bytes`},
		// opening.csv
		{edit{opening, 2, "101,,1000000.51,"}, `opening.csv:2: the opening: does not balance, debit is greater by 0.01`},
		{edit{opening, 2, "109,,1000000.50,"}, `opening.csv:2: code "109": unknown`},
		{edit{opening, 2, "101,X,1000000.50,"}, `opening.csv:2: sub "X": not allowed, account "101" takes none`},
		{edit{opening, 3, "301,,,600000.50"}, `opening.csv:3: sub "": missing, account "301" wants one`},
		{edit{opening, 3, "301,M9-S,,600000.50"}, `opening.csv:3: sub "M9-S": unknown, not in savings.csv`},
		{edit{opening, 3, "201,M1-S,,600000.50"}, `opening.csv:3: sub "M1-S": stands under account 301, not 201`},
		{edit{opening, 3, "301,M2-S,,600000.50"}, `opening.csv:3: sub "M2-S": opened on 2024-03-05, after the opening date`},
		{edit{opening, 3, "111,C1,,600000.50"}, `opening.csv:3: code "111": a folder opens without a balance of murabahah.receivable`},
		{edit{opening, 3, "202,M1-S,,600000.50"}, `opening.csv:3: code "202": a folder opens without a balance of distribution.payable`},
		{edit{opening, 4, "401,,400000,"}, `opening.csv:2: the opening: does not balance, debit is greater by 800000.00`},
		{edit{opening, 4, "401,,5,400000"}, `opening.csv:4: debit "5", credit "400000": only one`},
		{edit{opening, 4, "401,,,"}, `opening.csv:4: debit "", credit "": one of both`},
		{edit{opening, 4, "401,,,0"}, `opening.csv:4: credit "0": zero`},
		{edit{opening, 4, "401,,,400.000"}, `opening.csv:4: credit "400.000": more than 2 decimals`},
		// savings.csv: line 4 runs over two lines, so the deposit stands in line 7
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,100000,109,,"}, `savings.csv:7: counter "109": unknown, not in accounts.csv`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,100000,501,,"}, `savings.csv:7: counter "501": want a cash account`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,,101,,"}, `savings.csv:7: amount "": missing`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,-5,101,,"}, `savings.csv:7: amount "-5": negative`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,-0,101,,"}, `savings.csv:7: amount "-0": negative`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,92233720368547758.08,101,,"}, `savings.csv:7: amount "92233720368547758.08": beyond the largest amount`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,1e5,101,,"}, `savings.csv:7: amount "1e5": not a number`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,5,101,M2-S,"}, `savings.csv:7: pay_to "M2-S": must be empty except on open`},
		{edit{savings, 7, "2024-03-05,S5,setor,M2-S,M2,SIMUDA,5,101,,"}, `savings.csv:7: event "setor": want open`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M9-S,M2,SIMUDA,5,101,,"}, `savings.csv:7: account "M9-S": unknown, not in savings.csv`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M9,SIMUDA,5,101,,"}, `savings.csv:7: member "M9": unknown, not in members.csv`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M1,SIMUDA,5,101,,"}, `savings.csv:7: member "M1": account "M2-S" belongs to "M2"`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIHAJI,5,101,,"}, `savings.csv:7: product "SIHAJI": unknown, not in products.csv`},
		{edit{savings, 7, "2024-03-05,S5,deposit,M2-S,M2,SIWA,5,101,,"}, `savings.csv:7: product "SIWA": account "M2-S" is of "SIMUDA"`},
		{edit{savings, 7, "2024-03-04,S5,deposit,M2-S,M2,SIMUDA,5,101,,"}, `savings.csv:7: date "2024-03-04": before member "M2" joined on 2024-03-05`},
		{edit{savings, 7, "2024-05-01,S5,deposit,M2-S,M2,SIMUDA,5,101,,"}, `savings.csv:7: date "2024-05-01": outside the year`},
		{edit{savings, 0, "2024-02-29,S7,deposit,M1-S,M1,SIMUDA,5,101,,"}, `savings.csv:9: date "2024-02-29": outside the year`},
		{edit{savings, 0, "2024-02-28,S7,open,M1-X,M1,SIMUDA,,,,"}, `savings.csv:9: date "2024-02-28": outside the year`},
		{edit{savings, 0, "2024-03-01,S7,open,M1-S,M1,SIMUDA,,,,"}, `savings.csv:9: account "M1-S": stands in line 2 already`},
		{edit{savings, 0, "2024-03-01,S7,open,M1-X,M1,SIMUDA,0,,,"}, `savings.csv:9: amount "0": must be empty on open`},
		{edit{savings, 0, "2024-03-01,S7,open,M1-X,M1,SIMUDA,,101,,"}, `savings.csv:9: counter "101": must be empty on open`},
		{edit{savings, 0, "2024-03-01,S7,open,M1-X,M1,SIMUDA,,,M9-S,"}, `savings.csv:9: pay_to "M9-S": unknown, not in savings.csv`},
		{edit{savings, 0, "2024-03-01,S7,open,M1-X,M1,SIMUDA,,,M2-S,"}, `savings.csv:9: pay_to "M2-S": belongs to member "M2", not to "M1"`},
		{edit{savings, 0, "2024-03-06,S7,transfer,M1-S,M1,SIMUDA,5,M9-S,,"}, `savings.csv:9: counter "M9-S": unknown, not in savings.csv`},
		{edit{savings, 0, "2024-03-06,S7,transfer,M1-S,M1,SIMUDA,5,M1-S,,"}, `savings.csv:9: counter "M1-S": a transfer to the same account`},
		{edit{savings, 7, "2024-03-05,,deposit,M2-S,M2,SIMUDA,5,101,,"}, `savings.csv:7: key "": missing`},
		{edit{savings, 7, "2024-03-05,mizan/1,deposit,M2-S,M2,SIMUDA,5,101,,"}, `savings.csv:7: key "mizan/1": begins with mizan/`},
		{edit{savings, 0, "2024-03-05,S5,deposit,M2-S,M2,SIMUDA,100001,101,,"}, `savings.csv:9: key "S5": used with other content in savings.csv line 7`},
		// murabahah.csv
		{edit{terms, 2, "C1,M9,Laptop,300000,60000,30000,3,2024-04-10,proportional,1000"}, `murabahah.csv:2: member "M9": unknown`},
		{edit{terms, 2, "C1,M1,,300000,60000,30000,3,2024-04-10,proportional,1000"}, `murabahah.csv:2: goods "": missing`},
		{edit{terms, 2, "C1,M1,Laptop,0,60000,0,3,2024-04-10,proportional,1000"}, `murabahah.csv:2: cost "0": zero`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000,300000,3,2024-04-10,proportional,1000"}, `murabahah.csv:2: down_payment "300000": not below the cost 300000`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000.50,30000,3,2024-04-10,proportional,1000"}, `murabahah.csv:2: margin "60000.50": not a whole multiple of the step 1.00`},
		{edit{terms, 2, "C1,M1,Laptop,92233720368547000,92233720368547000,30000,3,2024-04-10,annuity,1000"}, `murabahah.csv:2: margin "92233720368547000": cost and margin together are beyond`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000,30000,0,2024-04-10,proportional,1000"}, `murabahah.csv:2: instalments "0": not a whole number from 1 to 1200`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000,30000,1201,2024-04-10,proportional,1000"}, `murabahah.csv:2: instalments "1201": not a whole number`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000,30000,3,9999-11-10,proportional,1000"}, `murabahah.csv:2: first_due "9999-11-10": the last instalment falls after`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000,30000,3,2024-04-10,flat,1000"}, `murabahah.csv:2: method "flat": want proportional or annuity`},
		{edit{terms, 2, "C1,M1,Laptop,300000,60000,30000,3,2024-04-10,annuity,0"}, `murabahah.csv:2: step "0": zero`},
		{edit{terms, 0, "C1,M1,Laptop,300000,60000,30000,3,2024-04-10,annuity,1"}, `murabahah.csv:4: contract "C1": stands in line 2 already`},
		{edit{terms, 0, "C3,M1,Laptop,300000,60000,30000,3,2024-04-10,annuity,1"}, `murabahah.csv:4: contract "C3": has no event in murabahah_events.csv`},
		// murabahah_events.csv
		{edit{events, 2, "2024-03-06,E1,C1,order,5,"}, `murabahah_events.csv:2: amount "5": must be empty on order`},
		{edit{events, 2, "2024-03-06,E1,C1,order,,101"}, `murabahah_events.csv:2: account "101": must be empty on order`},
		{edit{events, 3, "2024-03-06,E2,C1,down_payment,0,101"}, `murabahah_events.csv:3: amount "0": zero`},
		{edit{events, 3, "2024-03-06,E2,C1,down_payment,5,"}, `murabahah_events.csv:3: account "": missing`},
		{edit{events, 3, "2024-03-06,E2,C1,down_payment,5,111"}, `murabahah_events.csv:3: account "111": want a cash account`},
		{edit{events, 6, "2024-04-10,E5,C9,pay,110000,101"}, `murabahah_events.csv:6: contract "C9": unknown, not in murabahah.csv`},
		{edit{events, 6, "2024-04-10,E5,C1,bayar,110000,101"}, `murabahah_events.csv:6: event "bayar": want order`},
		{edit{events, 6, "2024-02-29,E5,C1,pay,110000,101"}, `murabahah_events.csv:6: date "2024-02-29": outside the year`},
		{edit{events, 7, "2024-04-12,E6,C1,penalty,5000,101"}, `murabahah_events.csv:7: account "101": must be empty on penalty`},
		{edit{events, 8, "2024-04-30,E7,C1,settle,5,101"}, `murabahah_events.csv:8: amount "5": must be empty on settle`},
		{edit{events, 9, "2024-03-04,E8,C2,order,,"}, `murabahah_events.csv:9: date "2024-03-04": before member "M2" joined on 2024-03-05`},
		{edit{events, 9, "2024-03-06,S1,C2,order,,"}, `murabahah_events.csv:9: key "S1": used with other content in savings.csv line 2`},
		// journal.csv
		{edit{journal, 3, "2024-03-31,J1,Gaji,101,,,5000.01"}, `journal.csv:2: entry "J1": does not balance, credit is greater by 0.01`},
		{edit{journal, 3, "2024-03-31,J1,Gaji,109,,,5000"}, `journal.csv:3: code "109": unknown, not in accounts.csv`},
		{edit{journal, 3, "2024-03-30,J1,Gaji,101,,,5000"}, `journal.csv:3: date "2024-03-30": differs from "2024-03-31"`},
		{edit{journal, 5, "2024-04-01,J2,Koreksi,301,M9-S,,4000"}, `journal.csv:5: sub "M9-S": unknown, not in savings.csv`},
		{edit{journal, 5, "2024-04-01,J2,Koreksi,111,C9,,4000"}, `journal.csv:5: sub "C9": unknown, not in murabahah.csv`},
		{edit{journal, 5, "2024-04-01,J2,Koreksi,202,M9-S,,4000"}, `journal.csv:5: sub "M9-S": unknown, not in savings.csv`},
		{edit{journal, 5, "2024-04-01,J2,Koreksi,101,M2-S,,4000"}, `journal.csv:5: sub "M2-S": not allowed`},
		{edit{journal, 0, "2024-04-02,J3,Sisa,101,,5,"}, `journal.csv:7: entry "J3": has one line only`},
		{edit{journal, 0, "2024-03-31,J1,Gaji,601,,5000,"}, `journal.csv:7: key "J1": used with other content in journal.csv line 2`},
		{edit{journal, 0, "2024-04-02,E1,Sisa,101,,5,"}, `journal.csv:7: key "E1": used with other content in murabahah_events.csv line 2`},
		{edit{journal, 3, "2024-03-31,J1,Gaji,101,,,5000,"}, `journal.csv:3: 8 fields, the header has 7`},
	} {
		t.Run(test.want, func(t *testing.T) {
			_, faults := yearfolder.Read(files(edited(t, test.edit)))
			if test.edit.file == coop && len(faults) == 2 && strings.HasSuffix(faults[0].Text, "is missing") {
				faults = faults[1:] // a misspelt key is by that missing too
			}
			require.Len(t, faults, 1, "%v", faults)
			require.True(t, strings.HasPrefix(faults[0].Error(), test.want), faults[0].Error())
			require.NotContains(t, faults[0].Error(), "\n")
		})
	}
}

func TestMissingThings(t *testing.T) {
	for name, want := range map[string]string{
		"cooperative.csv": `key,value`, "accounts.csv": `code,name`, "roles.csv": `role,code`, "products.csv": `code,name,akad`,
		"pool.csv": `income_account`, "members.csv": `id,name,joined`, "opening.csv": `code,sub,debit,credit`,
		"savings.csv": `date,key,event`, "murabahah.csv": `contract,member`, "murabahah_events.csv": `date,key,contract`, "journal.csv": `date,key,memo`,
	} {
		t.Run(name, func(t *testing.T) {
			folder := small()
			delete(folder, name)
			require.Equal(t, name+":1: the file is missing", read(folder).Error())

			folder[name] = ""
			require.Contains(t, read(folder).Error(), name+":1: the file is empty, want a header line: "+want)
			require.Len(t, read(folder), 1)

			folder[name] = "\xff\xfe" + small()[name]
			require.Contains(t, read(folder).Error(), name+":1: header line: not UTF-8")

			header, rows, _ := strings.Cut(small()[name], "\n")
			for i, column := range strings.Split(header, ",") {
				folder[name] = header + ",lebih\n" + rows
				require.Equal(t, name, read(folder)[0].File)
				require.Contains(t, read(folder).Error(), `:1: unknown column "lebih"`)

				names := strings.Split(header, ",")
				names[i] = "Lain"
				folder[name] = strings.Join(names, ",") + "\n" + rows
				faults := read(folder)
				require.Len(t, faults, 2, "%v", faults)
				require.Contains(t, faults.Error(), name+`:1: unknown column "Lain"`)
				require.Contains(t, faults.Error(), name+`:1: column "`+column+`" is missing`)
			}
			folder[name] = header + "," + header + "\n"
			require.Contains(t, read(folder).Error(), "stands twice")
		})
	}
	t.Run("a folder in place of a file", func(t *testing.T) {
		folder := files(small())
		delete(folder, "pool.csv")
		folder["pool.csv/x"] = &fstest.MapFile{}
		_, faults := yearfolder.Read(folder)
		require.Len(t, faults, 1)
		require.Contains(t, faults.Error(), "pool.csv:1: the file cannot be read")
	})
	t.Run("keys and roles", func(t *testing.T) {
		folder := small()
		folder["cooperative.csv"] = strings.Replace(folder["cooperative.csv"], "step,1\n", "", 1)
		folder["roles.csv"] = strings.Replace(folder["roles.csv"], "penalty.fund,902\n", "", 1)
		require.Equal(t, lines(`cooperative.csv:1: key "step" is missing`, `roles.csv:1: role "penalty.fund" is missing`), read(folder).Error()+"\n")
	})
}

func read(folder map[string]string) yearfolder.Faults {
	_, faults := yearfolder.Read(files(folder))
	return faults
}

// All faults are reported together, in the order of files and lines, and what
// is sound is still there for further checks.
func TestManyFaults(t *testing.T) {
	fsys := files(edited(t,
		edit{"journal.csv", 2, "2024-03-31,J1,Gaji,609,,x,"},
		edit{"savings.csv", 0, "2024-03-05,S4,opne,M3-S,M3,SIMUDA,,,,"},
		edit{"savings.csv", 0, "2024-03-05,S8,deposit,M3-S,M3,SIMUDA,5,101,,"},
		edit{"accounts.csv", 0, "102"},
		edit{"members.csv", 2, `M1,"Siti,2019-07-09`},
		edit{"members.csv", 3, "M2,Anwar,"},
		edit{"murabahah.csv", 2, "C1,M1,Laptop,x,y,z,3,2024-04-10,proportional,1000"},
	))
	folder, faults := yearfolder.Read(fsys)
	require.Equal(t, lines(
		`accounts.csv:18: 1 fields, the header has 6: "102"`,
		`members.csv:2: a quoted field that is not closed, or has text after its closing quote`,
		`members.csv:3: joined "": missing`,
		`savings.csv:9: event "opne": want open, deposit, withdraw, transfer, close, convert, charge, hold, release, block, unblock, redirect, agree, zakat, mandate, dues, call, break, collect, instruct, reactivate or reverse`,
		`savings.csv:9: member "M3": unknown, not in members.csv`,
		`savings.csv:9: key "S4": used with other content in savings.csv line 6`,
		`savings.csv:10: member "M3": unknown, not in members.csv`,
		`murabahah.csv:2: cost "x": not a number`,
		`murabahah.csv:2: margin "y": not a number`,
		`murabahah.csv:2: down_payment "z": not a number`,
		`journal.csv:2: debit "x": not a number`,
		`journal.csv:2: code "609": unknown, not in accounts.csv`,
	), faults.Error()+"\n")
	require.Len(t, folder.Contracts, 1, "the sound contract")
	require.Equal(t, "C2", folder.Contracts[0].ID)
}

// A line of an entry that cannot be read hides the entry's sum, nothing else.
func TestBrokenLineOfAnEntry(t *testing.T) {
	faults := read(edited(t,
		edit{"journal.csv", 3, "2024-03-31,J1,Gaji,101,,5000"},
		edit{"journal.csv", 5, "2024-04-01,J2,Koreksi,301,M2-S,,4001"},
	))
	require.Len(t, faults, 2, "%v", faults)
	require.True(t, strings.HasPrefix(faults.Error(), "journal.csv:3: 6 fields"), faults.Error())
	require.Equal(t, `journal.csv:4: entry "J2": does not balance, credit is greater by 1.00`, faults[1].Error())
}

// FuzzRead puts arbitrary bytes in place of one file.
func FuzzRead(f *testing.F) {
	for i, name := range yearfolder.Files() {
		f.Add(uint8(i), []byte(small()[name]))
		f.Add(uint8(i), []byte(strings.ReplaceAll(small()[name], ",", `,"`)))
		if full, err := os.ReadFile("../testdata/simpanan/in/" + name); err == nil { // every optional column and file
			f.Add(uint8(i), full)
		}
	}
	names := yearfolder.Files()
	f.Fuzz(func(t *testing.T, n uint8, data []byte) {
		name := names[int(n)%len(names)]
		folder := small()
		folder[name] = string(data)
		_, faults := yearfolder.Read(files(folder))
		count := strings.Count(string(data), "\n") + 1
		for _, fault := range faults {
			require.NotContains(t, fault.Error(), "\n")
			require.Positive(t, fault.Line)
			if fault.File == name {
				require.LessOrEqual(t, fault.Line, count)
			}
		}
	})
}
