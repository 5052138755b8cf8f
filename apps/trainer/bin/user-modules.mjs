/** What a user's plugin is written with: it need not be installed where the file is. */
const OURS = /^(@ddpm\/|@tensorflow\/tfjs|zod$)/;

/**
 * Resolves what a user's own module imports: where nothing is installed next to it, from here, so that it shares its
 * packages with the command. In the workspace, `@ddpm` packages are their sources (`exports` condition `@ddpm/source`).
 */
export async function resolve(specifier, context, next) {
  const conditions = ["@ddpm/source", ...context.conditions];
  try {
    return await next(specifier, { ...context, conditions });
  } catch (error) {
    if (!OURS.test(specifier)) throw error;
    // The command comes without the union package, whose operations are those of tfjs-core.
    const name = specifier === "@tensorflow/tfjs" ? "@tensorflow/tfjs-core" : specifier;
    return next(name, { ...context, conditions, parentURL: import.meta.url });
  }
}
