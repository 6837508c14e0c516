export const targets: Readonly<
  Record<string, { readonly os: string[]; readonly cpu: string[]; readonly libc?: string[] }>
>;
/** The package that holds the addon of a target. */
export function packageOf(target: string): string;
/** The target of this machine; undefined where none is built for it. */
export function targetOfThisMachine(): string | undefined;
