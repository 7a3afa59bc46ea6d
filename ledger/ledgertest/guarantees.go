package ledgertest

// Guarantees returns all numbered guarantees, in the order of the package
// documentation.
func Guarantees() []Guarantee {
	return []Guarantee{
		{"G1 reads back", (*trial).readsBack},
		{"G2 repeats", (*trial).repeats},
		{"G3 key conflicts", (*trial).keyConflicts},
		{"G4 keys apart", (*trial).keysApart},
		{"G5 refusals change nothing", (*trial).refusalsChangeNothing},
		{"G6 reversal once", (*trial).reversalOnce},
		{"G7 imported history", (*trial).importedHistory},
		{"G8 many lines", (*trial).manyLines},
		{"G9 largest amounts", (*trial).largestAmounts},
		{"G10 periods", (*trial).periods},
		{"G11 floors", (*trial).floors},
		{"G12 blocks", (*trial).blocks},
		{"G13 holds", (*trial).holds},
		{"G14 account life", (*trial).accountLife},
		{"G15 subs", (*trial).subsOfAnAccount},
		{"G16 balance at any date", (*trial).balanceAtAnyDate},
		{"G17 balance as of any change", (*trial).balanceAsOfAnyChange},
		{"G18 phases", (*trial).phases},
		{"G19 turnovers and balance-days", (*trial).turnoversAndBalanceDays},
		{"G20 lines", (*trial).lines},
		{"G21 pages", (*trial).pages},
		{"G22 records", (*trial).records},
		{"G23 record pages", (*trial).recordPages},
		{"G24 adoption", (*trial).adoption},
		{"G25 assertions", (*trial).assertions},
		{"G26 feed", (*trial).feed},
		{"G27 what changed since", (*trial).changedSince},
		{"G28 own writes", (*trial).ownWrites},
		{"G29 one command many writes", (*trial).oneCommandManyWrites},
		{"G30 failed update leaves nothing", (*trial).failedUpdateLeavesNothing},
		{"G31 steps taken back", (*trial).stepsTakenBack},
		{"G32 transaction over", (*trial).transactionOver},
		{"G33 one consistent state", (*trial).oneConsistentState},
		{"G34 half an entry never shows", (*trial).halfAnEntryNeverShows},
		{"G35 concurrent updates", (*trial).concurrentUpdates},
		{"G36 same key at once", (*trial).sameKeyAtOnce},
		{"G37 withdrawals at once", (*trial).withdrawalsAtOnce},
		{"G38 holds at once", (*trial).holdsAtOnce},
		{"G39 reversals at once", (*trial).reversalsAtOnce},
		{"G40 closing and late posts", (*trial).closingAndLatePosts},
		{"G41 writers one at a time", (*trial).writersOneAtATime},
		{"G42 same operations same digests", (*trial).sameDigests},
		{"G43 anchors", (*trial).anchors},
		{"G44 opened again", (*trial).openedAgain},
		{"G45 books apart", (*trial).booksApart},
		{"G46 restored", (*trial).restored},
		{"G47 caches rebuilt", (*trial).rebuilt},
		{"G48 store lost race", (*trial).storeLostRace},
		{"G49 store all or nothing", (*trial).storeAllOrNothing},
		{"G50 store absence", (*trial).storeAbsence},
		{"G51 store order", (*trial).storeOrder},
		{"G52 store later row counts", (*trial).storeLaterRowCounts},
		{"G53 store errors and contexts", (*trial).storeErrors},
		{"G54 random operations", (*trial).randomOperations},
		{"G55 sources", (*trial).sources},
		{"G56 long texts", (*trial).longTexts},
		{"G57 far days", (*trial).farDays},
		{"G58 names to the byte", (*trial).namesToTheByte},
		{"G59 long lists", (*trial).longLists},
		{"G60 lists end while others post", (*trial).listsEnd},
	}
}

// randomOperations is a short [Exercise]; longer ones are a store's own
// tests' business.
func (t *trial) randomOperations() {
	for seed := range uint64(3) {
		Exercise(t.T, t.store, seed, 600)
	}
}
