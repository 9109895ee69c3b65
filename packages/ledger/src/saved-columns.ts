import { call } from "./call.ts";
import type { Database } from "./database.ts";
import type { SavedData } from "./saved-data.ts";

/** One column of a copy in schema `slipway_saved`. */
export interface SavedColumn {
  readonly name: string;
  /** As the copy holds it: types made by users are kept as text. */
  readonly type: string;
  /** Its type in the table that it comes from; null where table or column are not there now. */
  readonly original: string | null;
  /** Part of the table's primary key. */
  readonly key: boolean;
}

/** The columns of a copy, in their order; no row of it is read. */
export async function savedColumns(
  db: Database,
  { name, source }: Pick<SavedData, "name" | "source">,
): Promise<SavedColumn[]> {
  return call<SavedColumn>(
    db,
    `Cannot read the columns of "${name}"`,
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       format_type(o.atttypid, o.atttypmod) as original, coalesce(o.attnum = any (k.conkey), false) as key
     from pg_attribute a
     left join pg_attribute o on o.attrelid = to_regclass($2) and o.attname = a.attname and not o.attisdropped and o.attnum > 0
     left join pg_constraint k on k.conrelid = o.attrelid and k.contype = 'p'
     where a.attrelid = to_regclass(format('slipway_saved.%I', $1::text)) and a.attnum > 0 and not a.attisdropped
     order by a.attnum`,
    [name, source],
  );
}
