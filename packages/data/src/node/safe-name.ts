/** Whether a name in an archive stays below the folder that it is unpacked into, on every system. */
export function isSafeName(name: string): boolean {
  return (
    name !== "" &&
    !name.startsWith("/") &&
    !/[\\\0]/.test(name) &&
    !/^[a-z]:/i.test(name) &&
    !name.split("/").includes("..")
  );
}
