import { type Component, defineComponent, h, onMounted, ref } from "vue";

/** Makes a picture inside an element. */
type Mount = (parent: HTMLElement) => void | Promise<void>;

/** The pictures, each loaded when it comes into view; none is drawn where pages are made. */
const pictures: Readonly<Record<string, () => Promise<{ readonly mount: Mount }>>> = import.meta.env.SSR
  ? {}
  : {
      "schedule-curves": () => import("../../src/pictures/schedule-curves.ts"),
      "forward-process": () => import("../../src/pictures/forward-process.ts"),
      "sampler-paths": () => import("../../src/pictures/sampler-paths.ts"),
    };

/** `<Picture name="…" />` in a page: made by the packages in the reader's browser. */
export const Picture: Component = defineComponent({
  props: { name: { type: String, required: true } },
  setup({ name }) {
    const place = ref<HTMLElement>();
    onMounted(() => {
      const parent = place.value!;
      const watcher = new IntersectionObserver(async (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        watcher.disconnect();
        const { mount } = await pictures[name]!();
        await mount(parent);
        parent.dataset.ready = "";
      });
      watcher.observe(parent);
    });
    return () => h("figure", { ref: place, class: "picture" });
  },
});
