import { discountRoutes } from "../discounts.ts";
import { orderRoutes } from "../orders.ts";
import { productRoutes } from "../products.ts";
import { startApi } from "../start.ts";

// Discounts come, with a column of their own.
startApi({
  needs: "20260112090000_discounts",
  routes: (shop) => ({ ...productRoutes(shop, "name"), ...orderRoutes(shop), ...discountRoutes(shop) }),
});
