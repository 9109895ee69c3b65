/**
 * The verbs in the order of the help. Each is loaded only when it is asked for: together they are most of the product,
 * and a command line names one.
 */
export const verbs = {
  up: async () => (await import("./up/command.ts")).upCommand,
  rollback: async () => (await import("./rollback/command.ts")).rollbackCommand,
  plan: async () => (await import("./plan/command.ts")).planCommand,
  status: async () => (await import("./status/command.ts")).statusCommand,
  history: async () => (await import("./history/command.ts")).historyCommand,
  cut: async () => (await import("./cut/command.ts")).cutCommand,
  pin: async () => (await import("./pin/command.ts")).pinCommand,
  migrate: async () => (await import("./migrate/routes.ts")).migrateRoutes,
  doctor: async () => (await import("./doctor/command.ts")).doctorCommand,
  smoke: async () => (await import("./smoke/command.ts")).smokeCommand,
  flag: async () => (await import("./flag/routes.ts")).flagRoutes,
  audit: async () => (await import("./audit/routes.ts")).auditRoutes,
  down: async () => (await import("./down/command.ts")).downCommand,
  explain: async () => (await import("./explain/command.ts")).explainCommand,
  env: async () => (await import("./env/command.ts")).envCommand,
  version: async () => (await import("./version/command.ts")).versionCommand,
  tour: async () => (await import("./tour/command.ts")).tourCommand,
} as const;

type Verb = keyof typeof verbs;

/** The verbs that a command line needs: the one that it begins with, else all, for help and for what was mistyped. */
export function verbsFor([word = ""]: readonly string[]): readonly Verb[] {
  if (word === "--version") return ["version"];
  return Object.hasOwn(verbs, word) ? [word as Verb] : (Object.keys(verbs) as Verb[]);
}
