import fc from "fast-check";

/** The same examples in every run, so that a red test speaks of the change before it; SEED=n tries others. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.SEED ?? 20_261_121) });
