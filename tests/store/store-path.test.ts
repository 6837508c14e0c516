import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultStorePath } from "../../src/store/store-path.js";

describe("defaultStorePath", () => {
  const ending = join("brevis", "originals");
  it.each([
    ["the user's word", { BREVIS_STORE: "/my/store", XDG_DATA_HOME: "/data" }, "linux", "/my/store"],
    ["the data folder of Linux", { XDG_DATA_HOME: "/data" }, "linux", join("/data", ending)],
    ["its default", {}, "linux", join(homedir(), ".local", "share", ending)],
    ["its default for a relative one", { XDG_DATA_HOME: "data" }, "linux", join(homedir(), ".local", "share", ending)],
    ["Application Support", {}, "darwin", join(homedir(), "Library", "Application Support", ending)],
    ["LOCALAPPDATA", { LOCALAPPDATA: "C:\\Local" }, "win32", join("C:\\Local", ending)],
  ] as const)("follows %s", (_, environment, platform, expected) => {
    expect(defaultStorePath(environment, platform)).toBe(expected);
  });
});
