import { discountRoutes } from "../discounts.ts";
import { orderRoutes } from "../orders.ts";
import { productRoutes } from "../products.ts";
import { startApi } from "../start.ts";

// The broken one: somebody wrote the version by hand and forgot to change it. It runs, it is healthy, and
// nobody could tell which release answers.
startApi({
  needs: "20260119090000_order_notes",
  routes: (shop) => ({ ...productRoutes(shop, "name"), ...orderRoutes(shop), ...discountRoutes(shop) }),
  meta: (stamp) => ({ ...stamp, version: "1.1.0" }),
});
