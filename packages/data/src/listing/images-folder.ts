const IMAGES = /^(images?|imgs?|pictures?|photos?|jpegimages|data)$/i;
const ABOUT =
  /^(masks?|annotations?|labels?|segmentations?|segmentationclass|segmentationobject|trimaps?|depths?|ground[-_ ]?truths?|gts?)$/i;

/**
 * The folder of images where every other folder holds pictures about them: `images` next to `masks`.
 *
 * @param folders at one level; "" for files that are in none
 */
export function imagesFolder(folders: readonly string[]): string | undefined {
  const images = folders.filter((name) => IMAGES.test(name));
  const others = folders.filter((name) => !IMAGES.test(name));
  return images.length === 1 && others.length > 0 && others.every((name) => ABOUT.test(name))
    ? images[0]
    : undefined;
}
