import { describe, expect, it } from "vitest";
import { mediaType } from "./send";

describe("kinds of files", () => {
  it("are known by the ending of the name", () => {
    expect(mediaType("2025-11-west-midlands-street.CSV")).toBe("text/csv");
    expect(mediaType("latest.zip")).toBe("application/zip");
    expect(mediaType("street.csv.gz")).toBe("application/gzip");
    expect([mediaType("notes.docx"), mediaType("csv-notes"), mediaType("")]).toEqual([null, null, null]);
  });
});
