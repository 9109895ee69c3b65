/** Every tool that npm's lock file does not pin, in one place. */
export const versions = {
  /** The Pulumi CLI; also the version of npm's launcher `pulumi`, which looks for exactly this one. */
  pulumi: "3.259.0",
  /** The last release of Pulumi's SDK that holds the Node language host as a module of its own. */
  pulumiLanguageHost: "3.68.0",
  /** The oldest Go that builds them: what `go/pulumi-cli/go.mod` asks for. */
  go: "1.25.11",
  /** The oldest Node that strips types by itself. */
  node: "22.18.0",
} as const;
