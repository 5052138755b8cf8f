import { type Component, defineComponent, h, onMounted, ref } from "vue";

/** `<Playground />` in a page: an editor for programs that run in the reader's browser. */
export const Playground: Component = defineComponent({
  setup() {
    const place = ref<HTMLElement>();
    if (!import.meta.env.SSR) {
      onMounted(async () => {
        const { mount } = await import("../../src/playground/mount.ts");
        mount(place.value!);
      });
    }
    return () => h("div", { ref: place, class: "playground" });
  },
});
