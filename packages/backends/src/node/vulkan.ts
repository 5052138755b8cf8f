import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Variables that name a driver's file, or add one. */
const VARIABLES = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES"];

/**
 * Whether Vulkan's loader finds a driver on Linux: a file that a variable names, or one in the folders that it searches.
 * Without one Dawn only prints warnings.
 *
 * Source: Khronos, Vulkan-Loader, docs/LoaderDriverInterface.md, Driver Discovery on Linux.
 */
export function hasVulkanDriver(
  env: NodeJS.ProcessEnv = process.env,
  list: (folder: string) => readonly string[] = readdirSync,
): boolean {
  if (VARIABLES.some((name) => env[name])) return true;
  const home = env.HOME ?? homedir();
  const listed = (names: string | undefined, standard: string): string[] =>
    (names || standard).split(delimiter);
  const roots = [
    ...listed(env.XDG_CONFIG_HOME, join(home, ".config")),
    ...listed(env.XDG_CONFIG_DIRS, "/etc/xdg"),
    ...["/etc", "/usr/local/etc"],
    ...listed(env.XDG_DATA_HOME, join(home, ".local", "share")),
    ...listed(env.XDG_DATA_DIRS, ["/usr/local/share", "/usr/share"].join(delimiter)),
  ];
  return roots.some((root) => {
    try {
      return list(join(root, "vulkan", "icd.d")).some((name) => name.endsWith(".json"));
    } catch {
      return false;
    }
  });
}
