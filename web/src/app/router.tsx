import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { readView } from "../state/view";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, validateSearch: readView });

const page = <Path extends string>(path: Path, load: () => Promise<{ default: () => React.ReactNode }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) });

const pages = [
  page("/", () => import("../pages/home/Home")),
  page("/customers", () => import("../pages/customers/Customers")),
  page("/customers/$id", () => import("../pages/customers/Profile")),
  page("/value", () => import("../pages/value/Value")),
  page("/lifecycle", () => import("../pages/lifecycle/Lifecycle")),
  page("/segments", () => import("../pages/segments/Segments")),
  page("/segments/new", () => import("../pages/segments/Builder")),
  page("/segments/$id", () => import("../pages/segments/SegmentPage")),
  page("/products", () => import("../pages/products/Products")),
  page("/acquisition", () => import("../pages/acquisition/Acquisition")),
  page("/data", () => import("../pages/data/Data")),
];

export const router = createRouter({ routeTree: root.addChildren(pages), defaultPreload: "intent" });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
