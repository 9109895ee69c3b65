import { join } from "node:path";
import { readFlags } from "@slipway/flags/store";
import { createRedactor, type Redactor, SlipwayError } from "@slipway/kernel";
import { connect, type Database, emptyLedger, type LedgerSnapshot, readLedger } from "@slipway/ledger";
import { embeddedPostgres, localTarget, type Target } from "@slipway/targets";
import type { Observation } from "./observation.ts";
import { type EnvironmentFolders, type EnvironmentSettings, environmentFolders } from "./settings.ts";

/** The version from which a ledger has flags. */
export const FLAGS_SINCE = 13;

/** What the process around a run gives to it. */
export interface RunContext {
  /** The folder that relative paths of the settings start from. */
  readonly cwd: string;
  /** Environment variables by name, usually `process.env`. */
  readonly ambient: Readonly<Record<string, string | undefined>>;
  /** Messages for the people who watch; already redacted. */
  readonly log: (severity: "info" | "warning", message: string) => void;
}

/** An environment with its database and its target at hand. Connections are made when first needed. */
export interface OpenEnvironment {
  readonly settings: EnvironmentSettings;
  readonly folders: EnvironmentFolders;
  readonly context: RunContext;
  readonly target: Target;
  readonly redactor: Redactor;
  /**
   * The ledger's database. A stopped embedded server is started, since nothing can be seen without it.
   *
   * @param create makes the embedded server when there is none yet; without it the result is null then.
   * @throws {SlipwayError} DATABASE_UNREACHABLE, CONFIG_INVALID.
   */
  database(create?: boolean): Promise<Database | null>;
  /** The URL that services get as DATABASE_URL. A secret. */
  databaseUrl(): Promise<string>;
  /** Reads ledger and world; repeated calls give the same answer until {@link OpenEnvironment.forget}. */
  observe(): Promise<Observation>;
  /** To be called after anything was changed. */
  forget(): void;
  close(): Promise<void>;
}

/** Opens an environment without touching it. */
export function openEnvironment(settings: EnvironmentSettings, context: RunContext): OpenEnvironment {
  const folders = environmentFolders(settings, context.cwd);
  const redactor = createRedactor();
  const target = localTarget({ folder: folders.state, port: settings.port, artifacts: folders.artifacts });
  const embedded = embeddedPostgres({
    folder: join(folders.state, "postgres"),
    settings: embeddedSettings(context),
    notice: (line) => context.log("info", line),
  });
  let url: string | undefined;
  let connection: Promise<Database> | undefined;
  let observed: Promise<Observation> | undefined;

  async function findUrl(create: boolean): Promise<string | null> {
    if (url !== undefined) return url;
    if ("env" in settings.database) {
      const name = settings.database.env;
      const value = context.ambient[name];
      if (value === undefined || value === "") {
        throw new SlipwayError("DATABASE_UNREACHABLE", {
          what: `Cannot find the database of "${settings.environment}"`,
          why: `slipway:database names the variable ${name}, which is not set`,
          todo: `Set ${name} to the database's URL`,
        });
      }
      url = value;
    } else {
      if (!create && (await embedded.status()) === "absent") return null;
      url = (await embedded.start()).url;
    }
    redactor.add(url);
    redactor.add(passwordOf(url));
    return url;
  }

  const environment: OpenEnvironment = {
    settings,
    folders,
    context,
    target,
    redactor,
    async database(create = false) {
      const found = await findUrl(create);
      if (found === null) return null;
      connection ??= connect(found, { applicationName: `slipway ${settings.environment}`, redactor });
      try {
        return await connection;
      } catch (error) {
        connection = undefined;
        throw error;
      }
    },
    async databaseUrl() {
      const found = await findUrl(true);
      if (found === null) throw new Error("an embedded database was just created and has no URL");
      return found;
    },
    observe() {
      observed ??= observe(environment);
      return observed;
    },
    forget() {
      observed = undefined;
    },
    async close() {
      const open = await connection?.catch(() => undefined);
      connection = undefined;
      observed = undefined;
      await open?.end();
    },
  };
  return environment;
}

async function observe({ database, target, settings }: OpenEnvironment): Promise<Observation> {
  const [{ ledger, flags }, instances, traffic] = await Promise.all([
    database().then(readDatabase),
    target.instances(),
    target.traffic(),
  ]);
  if (ledger !== null) refuseForeignLedger(ledger, settings);
  return {
    database: ledger === null ? "absent" : "ready",
    ledger: ledger ?? emptyLedger,
    flags,
    instances,
    traffic,
  };
}

async function readDatabase(db: Database | null) {
  if (db === null) return { ledger: null, flags: [] };
  const ledger = await readLedger(db);
  return { ledger, flags: ledger.version < FLAGS_SINCE ? [] : await readFlags(db) };
}

function refuseForeignLedger(
  { identity }: LedgerSnapshot,
  { project, environment }: EnvironmentSettings,
): void {
  if (identity === null || (identity.project === project && identity.environment === environment)) return;
  throw new SlipwayError("LEDGER_MISMATCH", {
    what: `Cannot release "${project}/${environment}" into this database`,
    why: `its ledger belongs to "${identity.project}/${identity.environment}"`,
  });
}

// Tests turn the write-ahead guarantees off, which only a power cut would miss.
function embeddedSettings({ ambient }: RunContext): Record<string, string> {
  return ambient.SLIPWAY_EMBEDDED_FSYNC === "off" ? { fsync: "off" } : {};
}

function passwordOf(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).password);
  } catch {
    // Not a URL: a libpq keyword string, which connect() will judge.
    return undefined;
  }
}
