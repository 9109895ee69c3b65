import { connect } from "@slipway/ledger";
import { copyOf, type Migration, type ProofOptions, supabaseStandIns } from "@slipway/migrations";
import { withProofServer } from "../../cut/proof-server.ts";

/** Where a proof is made. */
export interface ProofPlace {
  readonly kind: "copy" | "beside" | "embedded";
  /** For people: `a copy of shop (12 MB)`. */
  readonly words: string;
  readonly adminUrl: string;
  readonly options: Pick<ProofOptions, "template" | "applied" | "prelude" | "roles">;
}

/** What a place is chosen from. */
export interface PlaceRequest {
  /** The project's root. */
  readonly root: string;
  readonly migrations: readonly Migration[];
  /** The database whose server should be used; none: an embedded one. */
  readonly database: string | null;
}

/**
 * Finds a place for a proof and does some work there: a copy of the database that is named, where its server makes one;
 * an empty database beside it; or a server of its own. What is made is removed after.
 */
export async function withProofPlace<T>(
  { root, migrations, database }: PlaceRequest,
  work: (place: ProofPlace) => Promise<T>,
): Promise<T> {
  const standIns = supabaseStandIns(migrations);
  let because = "";
  if (database !== null) {
    const copy = await copyOf(database, migrations);
    if (copy.possible) {
      const size = `${Math.max(1, Math.round(copy.bytes / 1024 ** 2))} MB`;
      return work({
        kind: "copy",
        words: `a copy of database ${copy.template} (${size})`,
        adminUrl: database,
        options: { template: copy.template, applied: copy.applied },
      });
    }
    // Stand-ins make roles, and those would stay on a server that others use.
    if (copy.beside && standIns === null) {
      return work({
        kind: "beside",
        words: `an empty database on the same server: ${copy.why}`,
        adminUrl: database,
        options: {},
      });
    }
    because = ` (the server has ${copy.major}): ${copy.beside ? "the migrations need Supabase's roles, which a new database does not have" : copy.why}`;
  }
  return withProofServer(root, async (url) => {
    const db = await connect(url);
    const [row] = await db.query<{ version: string }>(
      "select split_part(current_setting('server_version'), '.', 1) as version",
    );
    await db.end();
    const stand = standIns === null ? "" : ", with stand-ins for what Supabase brings";
    return work({
      kind: "embedded",
      words: `an embedded Postgres ${row?.version}${because}${stand}`,
      adminUrl: url,
      options: { roles: true, ...(standIns === null ? {} : { prelude: standIns }) },
    });
  });
}

/**
 * Does some work in each place that it takes to prove migrations: on a copy of the database those that it lacks, and those
 * that it has already from nothing, since they cannot be applied to their copy.
 */
export async function inProofPlaces(
  request: PlaceRequest,
  wanted: ReadonlySet<string>,
  work: (place: ProofPlace, ids: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const done = await withProofPlace(request, async (place) => {
    const { applied = new Set() } = place.options;
    const pending = new Set([...wanted].filter((id) => !applied.has(id)));
    if (pending.size > 0) await work(place, pending);
    return applied;
  });
  const rest = new Set([...wanted].filter((id) => done.has(id)));
  if (rest.size > 0) await withProofPlace({ ...request, database: null }, (place) => work(place, rest));
}
