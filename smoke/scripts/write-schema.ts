import { writeFileSync } from "node:fs";
import { suiteJsonSchema } from "../src/schema/suite-schema.ts";

// Writes smoke/schema.json. A test fails when the file is not what this would write.
writeFileSync(new URL("../schema.json", import.meta.url), `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
