import { LayerCard } from "./controls/layerCard";
import { Timeline } from "./controls/timeline";
import { Top } from "./controls/top";
import { Stage } from "./map/stage";
import { Panel } from "./panels/panel";
import { Standing } from "./controls/standing";
import { landing } from "./state/service";
import { Empty } from "./controls/empty";
import { strings } from "./strings";

export function App() {
  const isEmpty = landing.value !== null && landing.value.last_month === null;
  return (
    <div class="page">
      <a class="skip" href="#panel">
        {strings.app.skip}
      </a>
      <Top />
      <Standing />
      <main class="stage">
        <Stage />
        {isEmpty ? (
          <Empty />
        ) : (
          <>
            <LayerCard />
            <Timeline />
          </>
        )}
      </main>
      <Panel />
    </div>
  );
}
