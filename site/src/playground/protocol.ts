/** What a program sends to the page. */
export type Output =
  | { readonly type: "line"; readonly text: string }
  | {
      readonly type: "picture";
      readonly mime: string;
      readonly data: string | Uint8Array<ArrayBuffer>;
      readonly caption: string;
    }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "done"; readonly seconds: number };
