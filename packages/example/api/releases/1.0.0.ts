import { orderRoutes } from "../orders.ts";
import { productRoutes } from "../products.ts";
import { startApi } from "../start.ts";

// The first release: products and orders.
startApi({
  needs: "20260105090000_shop",
  routes: (shop) => ({ ...productRoutes(shop, "name"), ...orderRoutes(shop) }),
});
