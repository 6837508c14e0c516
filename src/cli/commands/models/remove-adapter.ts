import { unregisterAdapter } from "../../../engine/models/register-adapter.js";
import { BrevisError } from "../../../errors.js";

/** `brevis models remove NAME` */
export async function removeAdapter(name: string): Promise<void> {
  if (await unregisterAdapter(name)) return;
  throw new BrevisError("model-missing", `Expected an installed adapter ${name} but there is none of that name.`, {
    hint: "`brevis models list` shows what is installed. A pulled model goes with its directory.",
  });
}
