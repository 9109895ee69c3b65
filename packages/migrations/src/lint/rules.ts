import type { Rule } from "./rule.ts";
import { breaksPreviousApp } from "./rules/breaks-previous-app.ts";
import { columnRewritesTable } from "./rules/column-rewrites-table.ts";
import { constraintBuildsIndex } from "./rules/constraint-builds-index.ts";
import { constraintScansTable } from "./rules/constraint-scans-table.ts";
import { definerOpenToEverybody } from "./rules/definer-open-to-everybody.ts";
import { definerWithoutSearchPath } from "./rules/definer-without-search-path.ts";
import { enumValueUsedAtOnce } from "./rules/enum-value-used-at-once.ts";
import { indexBlocksWrites } from "./rules/index-blocks-writes.ts";
import { lockTableUnderPush } from "./rules/lock-table-under-push.ts";
import { mixedTransaction } from "./rules/mixed-transaction.ts";
import { notNullScansTable } from "./rules/not-null-scans-table.ts";
import { rewritesTable } from "./rules/rewrites-table.ts";
import { rollbackDoesNothing } from "./rules/rollback-does-nothing.ts";
import { rowsChangeUnderLock } from "./rules/rows-change-under-lock.ts";
import { settingOutlivesStatement } from "./rules/setting-outlives-statement.ts";
import { tableWithoutGrant } from "./rules/table-without-grant.ts";
import { tableWithoutRowSecurity } from "./rules/table-without-row-security.ts";
import { typeChangeRewritesTable } from "./rules/type-change-rewrites-table.ts";
import { viewPastRowSecurity } from "./rules/view-past-row-security.ts";
import { waitsForEver } from "./rules/waits-for-ever.ts";

/** The rules that look at statements, in the order of their codes. */
export const rules: readonly Rule[] = [
  breaksPreviousApp,
  enumValueUsedAtOnce,
  mixedTransaction,
  indexBlocksWrites,
  columnRewritesTable,
  typeChangeRewritesTable,
  rewritesTable,
  constraintScansTable,
  notNullScansTable,
  constraintBuildsIndex,
  rowsChangeUnderLock,
  waitsForEver,
  tableWithoutRowSecurity,
  tableWithoutGrant,
  definerWithoutSearchPath,
  definerOpenToEverybody,
  viewPastRowSecurity,
  lockTableUnderPush,
  settingOutlivesStatement,
  rollbackDoesNothing,
];
