import { startStorefront } from "../page.ts";

startStorefront({ heading: "The shop" });
