import type { Node } from "libpg-query";
import { strings, walkTree } from "../sql/syntax-tree.ts";

// Functions that give one value for a whole statement, or always the same: a default made of them is stored once.
// Everything else, unknown functions too, counts as volatile: a rewrite that was not expected is the worse surprise.
const stable = new Set(
  "now transaction_timestamp statement_timestamp current_setting current_user session_user current_database \
current_schema to_timestamp to_date to_char date_trunc date_part extract make_interval make_date make_timestamptz \
timezone lower upper trim btrim ltrim rtrim length concat concat_ws coalesce nullif greatest least abs round floor ceil \
jsonb_build_object jsonb_build_array json_build_object json_build_array to_jsonb to_json array_length md5 encode decode \
uid role jwt txid_current pg_current_xact_id".split(/\s+/),
);

/** Whether an expression may give another value for each row, as far as its text tells. */
export function isVolatile(expression: Node | undefined): boolean {
  let volatile = false;
  walkTree(expression, (tag, body) => {
    if (tag !== "FuncCall") return;
    if (!stable.has(strings(body.funcname as Node[]).at(-1) ?? "")) volatile = true;
  });
  return volatile;
}
