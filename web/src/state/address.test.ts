import { beforeEach, describe, expect, it } from "vitest";
import { cameraText, readAddress, readCamera, writeAddress } from "./address";
import * as view from "./view";

beforeEach(() => readAddress(""));

describe("the address", () => {
  it("is empty while everything is as usual", () => {
    expect(writeAddress()).toBe("");
  });

  it("holds the whole view and gives it back", () => {
    const whole =
      "priority=burglary&period=2025-01/2025-06&compare=year-before&show=areas&style=change&layer=beat" +
      "&over=incidents&opacity=60&classes=2024-01/2024-12&area=ward/E05001236&tab=time&maps=swipe" +
      "&other=violence&other-period=2024-01/2024-06&swipe=30&at=12.50/52.48000/-2.09000";
    readAddress(`?${whole}`);
    expect(writeAddress()).toBe(whole);
    expect(view.area.value).toEqual({ layer: "ward", code: "E05001236" });
    expect([...view.overlays.value]).toEqual(["incidents"]);
  });

  it("takes what is no choice as not said", () => {
    readAddress(
      "?show=lava&opacity=400&period=soon&tab=&maps=three&at=12/x/1&priority=<b>&area=ward&swipe=-1&compare=x",
    );
    expect(writeAddress()).toBe("");
  });

  it("can say that nothing is drawn over the map", () => {
    view.overlays.value = new Set();
    expect(writeAddress()).toBe("over=");
    readAddress("?over=");
    expect(view.overlays.value.size).toBe(0);
  });

  it("keeps codes with characters of their own", () => {
    view.area.value = { layer: "beat", code: "demo A&1=2" };
    readAddress(`?${writeAddress()}`);
    expect(view.area.value).toEqual({ layer: "beat", code: "demo A&1=2" });
  });

  it("reads cameras that are on earth only", () => {
    const camera = { zoom: 12.25, lat: 52.5, lon: -2.1 };
    expect(readCamera(cameraText(camera))).toEqual(camera);
    for (const text of [null, "", "12", "12/95/0", "30/0/0", "1/2/NaN"]) expect(readCamera(text)).toBeNull();
  });
});
