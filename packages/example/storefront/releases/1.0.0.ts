import { startStorefront } from "../page.ts";

startStorefront({ heading: "Shop" });
