import type { EngineModel, LoadedAdapter } from "../types.js";
import { type FoundAdapter, findAdapter, identifyAdapter } from "./installed-adapters.js";
import { readAdapterDirectory } from "./read-adapter-directory.js";
import { SharedOpenings } from "./share-opened.js";

/** One version of an adapter in the engine. */
interface Version {
  readonly identity: string;
  readonly name: string;
  users: number;
}

/**
 * The adapters of one model. Each place has one version at most that new calls use; one that was replaced goes when its last user is done, so that
 * a call ends with the weights that it began with.
 */
export class LoadedAdapters {
  readonly #engine: EngineModel;
  readonly #current = new Map<string, Version>();
  readonly #loading = new SharedOpenings<void>(async () => {});
  /** How often a name was given out: the engine's sessions remember adapters by name, so that none means two things. */
  readonly #given = new Map<string, number>();

  constructor(engine: EngineModel) {
    this.#engine = engine;
  }

  /** @throws {BrevisError} `model-missing`, `model-invalid`, `aborted` */
  async acquire(nameOrPath: string, signal?: AbortSignal): Promise<LoadedAdapter> {
    const found = await findAdapter(nameOrPath);
    const identity = await identifyAdapter(found);
    const version = this.#versionOf(found, identity);
    version.users++;
    try {
      await this.#load(version.name, found.directory, signal);
    } catch (error) {
      this.#forget(found.place, version);
      throw error;
    }
    let released: Promise<void> | undefined;
    const release = () => {
      released ??= this.#leave(found.place, version);
      return released;
    };
    return { name: version.name, directory: found.directory, label: found.label, release };
  }

  #versionOf({ place, directory }: FoundAdapter, identity: string): Version {
    const known = this.#current.get(place);
    if (known?.identity === identity) return known;
    const times = (this.#given.get(directory) ?? 0) + 1;
    this.#given.set(directory, times);
    const version = { identity, name: times === 1 ? directory : `${directory}#${times}`, users: 0 };
    this.#current.set(place, version);
    if (known !== undefined && known.users === 0) void this.#drop(known);
    return version;
  }

  async #load(name: string, directory: string, signal?: AbortSignal): Promise<void> {
    const load = async (stop: AbortSignal) => {
      await readAdapterDirectory(directory, this.#engine.info);
      await this.#engine.loadAdapter(name, directory, { signal: stop });
    };
    await this.#loading.acquire(name, load, signal);
  }

  async #leave(place: string, version: Version): Promise<void> {
    version.users--;
    if (version.users === 0 && this.#current.get(place) !== version) await this.#drop(version);
  }

  /** A version that could not be loaded is tried anew by the next call. */
  #forget(place: string, version: Version): void {
    version.users--;
    if (version.users === 0 && this.#current.get(place) === version) this.#current.delete(place);
  }

  async #drop({ name }: Version): Promise<void> {
    // The model may be closed by now, and its adapters with it.
    await this.#engine.dropAdapter(name).catch(() => {});
  }
}
