import { useCallback, useEffect, useState } from "preact/hooks";
import { askService, keepToken, ServiceError } from "./ask-service.js";
import type { ServiceConfig } from "./types.js";

/** How the service is: being asked, there, silent, or in want of a token. */
export type ServiceState = "loading" | "ready" | "offline" | "locked";

const retryMs = 2_000;

/** The service's configuration, and whether it can be reached. While it cannot, it is asked again every two seconds. */
export function useService() {
  const [state, setState] = useState<ServiceState>("loading");
  const [config, setConfig] = useState<ServiceConfig>();
  const load = useCallback(async () => {
    try {
      setConfig(await (await askService("/api/config", undefined)).json());
      setState("ready");
    } catch (error) {
      setState(error instanceof ServiceError && error.status === 401 ? "locked" : "offline");
    }
  }, []);
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (state !== "offline") return;
    const timer = setInterval(load, retryMs);
    return () => clearInterval(timer);
  }, [state, load]);
  /** Tells of an error that any request had. */
  const notice = useCallback((error: unknown) => {
    if (!(error instanceof ServiceError)) return;
    if (error.isOffline) setState("offline");
    if (error.status === 401) setState("locked");
  }, []);
  const unlock = useCallback(
    (token: string) => {
      keepToken(token);
      return load();
    },
    [load],
  );
  return { state, config, notice, unlock };
}
