import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { me } from "../api/queries";
import { Failure } from "../components/Failure";
import { router } from "./router";
import { SignIn } from "./SignIn";

/** The app for whoever is signed in; else the page to sign in. */
export function App() {
  const caller = useQuery(me);
  if (caller.isPending) {
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    );
  }
  if (caller.isError) {
    return (
      <Center h="100vh" p="md">
        <Failure error={caller.error} retry={() => void caller.refetch()} />
      </Center>
    );
  }
  return caller.data ? <RouterProvider router={router} /> : <SignIn />;
}
