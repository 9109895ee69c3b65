import pg from "pg";

/** The shop's database: a small pool that survives the database's restarts. */
export interface Shop {
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Whether the database answers and has at least the given migration. */
  isReady(migration: string): Promise<boolean>;
  end(): Promise<void>;
}

const POOL_SIZE = 4;
const CONNECT_MS = 1_000;
const STATEMENT_MS = 5_000;

/** Opens the pool; nothing is connected before the first query. */
export function openShop(connectionString: string): Shop {
  const pool = new pg.Pool({
    connectionString,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    // A query must not wait for a server that went away without a word.
    query_timeout: STATEMENT_MS + CONNECT_MS,
  });
  // An idle connection that breaks is thrown away by the pool; without a listener it would end the process.
  pool.on("error", (error) => console.error(`database connection lost: ${error.message}`));

  async function query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await pool.query(sql, [...params]);
    return rows as Row[];
  }

  return {
    query,
    async isReady(migration) {
      const [head] = await query<{ ready: boolean }>("select id >= $1 as ready from slipway.schema_head", [
        migration,
      ]);
      return head?.ready === true;
    },
    end: () => pool.end(),
  };
}
