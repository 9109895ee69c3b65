import { z } from "zod";
import { flagDeclarationSchema, refuseTwins } from "../flags/flag-schema.ts";

const path = z.string().startsWith("/", "must start with /");
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable");
const argv = z
  .array(
    z
      .string()
      .refine((word) => !/[:@]latest$/.test(word), "names latest, which can be something else tomorrow"),
  )
  .min(1, "is empty");

const service = z.strictObject({
  build: argv.describe(
    "Program and arguments, run at the project's root; {version} and {output} are filled in",
  ),
  output: z
    .string()
    .optional()
    .describe(
      "Folder that the build writes, for one that cannot be told {output}; emptied before each build",
    ),
  command: argv.describe(
    "Program and arguments, run in the unpacked artifact; node is the Node that Slipway runs with",
  ),
  path: path.default("/").describe("The public path prefix"),
  port: variable.default("PORT").describe("Name of the variable that carries the port to listen on"),
  health: z
    .strictObject({
      live: path.default("/healthz"),
      ready: path.default("/readyz"),
      meta: path.default("/meta"),
    })
    .prefault({})
    .describe("The paths of the HTTP contract"),
  env: z.array(variable).default([]).describe("Names of the variables that it needs"),
});

const serviceName = z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and dashes");

/** What a product's releases are made of. Unknown keys are errors. */
export const productSchema = z
  .strictObject({
    name: z.string().optional().describe("The product's name"),
    services: z.record(serviceName, service).describe("By name; at least one"),
    migrations: z
      .string()
      .default("../migrations")
      .describe("Folder of the migrations, relative to this file"),
    flags: z
      .array(flagDeclarationSchema)
      .superRefine(refuseTwins)
      .default([])
      .describe("Feature flags: each with its owner, its safe value and its end"),
    config: z.record(variable, z.string()).default({}).describe("Variables that every service gets"),
    smoke: z.string().optional().describe("File of the product's smoke checks, relative to this file"),
  })
  .superRefine(({ services }, context) => {
    const names = Object.keys(services);
    if (names.length === 0) context.addIssue({ code: "custom", path: ["services"], message: "is empty" });
    const taken = new Map<string, string>();
    for (const name of names) {
      const { path } = services[name]!;
      const other = taken.get(path);
      taken.set(path, name);
      if (other === undefined) continue;
      const message = `${path} is the path of ${other} already`;
      context.addIssue({ code: "custom", path: ["services", name, "path"], message });
    }
  });

/** A product, with its defaults filled in. */
export type Product = z.infer<typeof productSchema>;

/** One service of a product. */
export type ProductService = Product["services"][string];

/** The product file's format for other tools. */
export function productJsonSchema(): unknown {
  return z.toJSONSchema(productSchema, { io: "input" });
}
