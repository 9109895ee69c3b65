import { discountRoutes } from "../discounts.ts";
import { orderRoutes } from "../orders.ts";
import { productRoutes } from "../products.ts";
import { startApi } from "../start.ts";

// products.name becomes products.title. This release starts while both columns are there, kept equal by a
// trigger for the release before, and goes on when only title is left.
startApi({
  needs: "20260126090000_product_title",
  routes: (shop) => ({ ...productRoutes(shop, "title"), ...orderRoutes(shop), ...discountRoutes(shop) }),
});
