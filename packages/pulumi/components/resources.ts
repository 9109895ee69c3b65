import * as pulumi from "@pulumi/pulumi";

/** Type tokens are stable: a changed one would make Pulumi create and delete what it knew before. */
const token = (kind: string) => `slipway:index:${kind}`;

/** The gates allow the pin here; wanted release and attempt are in the ledger. */
export class Release extends pulumi.CustomResource {
  declare readonly attempt: pulumi.Output<number>;
  constructor(
    name: string,
    args: { settings: string; release: string },
    options: pulumi.CustomResourceOptions,
  ) {
    super(
      token("Release"),
      name,
      { ...args, attempt: undefined, reasons: undefined, run: undefined },
      options,
    );
  }
}

/** The schema that the pinned services need before they start. */
export class Schema extends pulumi.CustomResource {
  constructor(
    name: string,
    args: { environment: string; release: string },
    options: pulumi.CustomResourceOptions,
  ) {
    super(token("Schema"), name, { ...args, apply: undefined, undo: undefined }, options);
  }
}

/** What the pin declares of a flag. Whether it is on is no input: that is the runtime's, and survives every run. */
export interface FlagArgs {
  environment: string;
  release: string;
  flag: string;
  owner: string;
  /** The release that brought the flag. */
  since: string;
  safe: boolean;
  /** Its last day, or null. */
  expires: string | null;
  salt: string;
  description: string;
}

/** The flag exists as the pin declares it. */
export class Flag extends pulumi.CustomResource {
  constructor(name: string, args: FlagArgs, options: pulumi.CustomResourceOptions) {
    super(token("Flag"), name, { ...args, declare: undefined }, options);
  }
}

/** What a service of the pin is, as far as it decides which instance has to run. */
export interface ServiceArgs {
  environment: string;
  service: string;
  version: string;
  instance: string;
  artifact: string;
  build: string;
}

/** An instance of the pinned artifact runs and is ready. */
export class Service extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, args: ServiceArgs, options: pulumi.CustomResourceOptions) {
    super(token("Service"), name, { ...args, start: undefined, address: undefined }, options);
  }
}

/** The pin gets all the traffic. */
export class Traffic extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(
    name: string,
    args: {
      environment: string;
      release: string;
      attempt: pulumi.Input<number>;
      evidence: pulumi.Input<string>;
    },
    options: pulumi.CustomResourceOptions,
  ) {
    super(token("Traffic"), name, { ...args, address: undefined }, options);
  }
}

/** Nothing but the pin remains. */
export class Settle extends pulumi.CustomResource {
  /** The release that settled last: with `--target` that need not be the pin. */
  declare readonly release: pulumi.Output<string>;
  declare readonly schemaHead: pulumi.Output<string | null>;
  declare readonly auditHead: pulumi.Output<string>;
  constructor(
    name: string,
    args: { environment: string; release: string; attempt: pulumi.Input<number> },
    options: pulumi.CustomResourceOptions,
  ) {
    const computed = {
      stop: undefined,
      archive: undefined,
      apply: undefined,
      undo: undefined,
      schemaHead: undefined,
      auditHead: undefined,
    };
    super(token("Settle"), name, { ...args, ...computed }, options);
  }
}
