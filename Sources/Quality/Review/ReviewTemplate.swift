/// The review page's frame.
///
/// Words in double braces are filled in by ``ReviewPage``.
enum ReviewTemplate {
  static let text = #"""
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{label}}: review</title>
    <style>
    :root { color-scheme: dark; }
    * { box-sizing: border-box; }
    body { margin: 0; background: #111; color: #eee; font: 15px/1.4 system-ui, sans-serif; }
    header { padding: 8px 16px; background: #1c1c1c; border-bottom: 1px solid #444; }
    h1 { margin: 0; font-size: 20px; }
    h2 { margin: 16px 0 6px; font-size: 15px; color: #cfd8ff; }
    main { display: flex; gap: 16px; padding: 12px 16px; align-items: flex-start; }
    #viewer { flex: 0 0 auto; width: min(62vw, 88vh - 120px); min-width: 480px; }
    #side { flex: 1 1 320px; min-width: 300px; max-height: calc(100vh - 70px); overflow: auto; }
    #frame { position: relative; background: #000; width: 100%;
      aspect-ratio: {{columns}} / {{rows}}; }
    #frame img { position: absolute; inset: 0; width: 100%; height: 100%; }
    .controls { display: flex; gap: 8px; align-items: center; padding: 8px 0; flex-wrap: wrap; }
    .controls input[type=range] { flex: 1 1 200px; accent-color: #7aa2ff; }
    button { background: #2b2b2b; color: #fff; border: 1px solid #777; border-radius: 4px;
      padding: 4px 10px; font: inherit; cursor: pointer; }
    button[aria-pressed=true] { background: #2d4da3; border-color: #9bb6ff; }
    button:focus-visible, input:focus-visible { outline: 3px solid #ffd54a; outline-offset: 1px; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: 3px 8px 3px 0;
      border-bottom: 1px solid #333; font-weight: normal; }
    th { color: #bdbdbd; white-space: nowrap; }
    tr.pass td:first-child { color: #8fd19e; }
    tr.warning td:first-child { color: #ffd54a; font-weight: bold; }
    tr.failure td:first-child { color: #ff9d8a; font-weight: bold; }
    ul { list-style: none; margin: 0; padding: 0; }
    .swatch { display: inline-block; width: 28px; height: 4px; margin-right: 8px;
      vertical-align: middle; outline: 1px solid #000; }
    .loosened { color: #ffd54a; }
    output { min-width: 11em; }
    kbd { border: 1px solid #777; border-radius: 3px; padding: 0 4px; }
    </style>
    </head>
    <body>
    <header><h1>{{label}}</h1></header>
    <main>
    <section id="viewer" aria-label="Slices">
    <div id="frame"><img id="map" alt=""></div>
    <div class="controls">
    <button id="previous" aria-label="Previous slice">&#9664;</button>
    <input id="slider" type="range" min="1" max="{{count}}" value="1" aria-label="Slice">
    <button id="next" aria-label="Next slice">&#9654;</button>
    <output id="where" for="slider"></output>
    </div>
    <div class="controls">
    <button id="play" aria-pressed="false">Play</button>
    <button id="hottest">Highest dose</button>
    <button id="bare" aria-pressed="false">Bare scan</button>
    <span><kbd>&larr;</kbd> <kbd>&rarr;</kbd> slices, <kbd>space</kbd> play, <kbd>m</kbd> highest dose,
    <kbd>b</kbd> bare scan</span>
    </div>
    </section>
    <section id="side" aria-label="What was found">
    <h2>Course</h2>
    <table>{{facts}}</table>
    <h2>Isodoses</h2>
    <ul>{{isodoses}}</ul>
    <h2>Checks</h2>
    {{loosened}}
    <table>{{checks}}</table>
    </section>
    </main>
    <script>
    "use strict";
    const slices = {{slices}};
    const byId = (id) => document.getElementById(id);
    const picture = byId("map"), slider = byId("slider"), where = byId("where");
    let index = 0, bare = false, timer = null;
    const ahead = new Map();
    function hottest() {
      let best = 0;
      slices.forEach((s, i) => { if ((s.gy ?? -1) > (slices[best].gy ?? -1)) best = i; });
      return best;
    }
    function source(i) { return bare ? slices[i].scan : slices[i].map; }
    function preload(i) {
      if (i < 0 || i >= slices.length || ahead.has(source(i))) return;
      const image = new Image();
      image.src = source(i);
      ahead.set(source(i), image);
      // Only neighbours are kept: three hundred slices need not be in memory at once.
      while (ahead.size > 12) ahead.delete(ahead.keys().next().value);
    }
    function show(i) {
      index = Math.max(0, Math.min(slices.length - 1, i));
      const s = slices[index];
      picture.src = source(index);
      picture.alt = (bare ? "Bare scan, slice " : "Dose map, slice ") + s.n + " of " + slices.length;
      slider.value = String(index + 1);
      where.textContent = "slice " + s.n + " / " + slices.length + ", " +
        (s.max === null ? "no dose calculated" : "max " + s.max + " Gy");
      preload(index + 1);
      preload(index - 1);
    }
    function stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      byId("play").setAttribute("aria-pressed", "false");
    }
    function play() {
      if (timer !== null) { stop(); return; }
      byId("play").setAttribute("aria-pressed", "true");
      timer = setInterval(() => show(index + 1 < slices.length ? index + 1 : 0), 150);
    }
    function toggle() {
      bare = !bare;
      byId("bare").setAttribute("aria-pressed", String(bare));
      show(index);
    }
    slider.addEventListener("input", () => show(Number(slider.value) - 1));
    byId("previous").addEventListener("click", () => show(index - 1));
    byId("next").addEventListener("click", () => show(index + 1));
    byId("play").addEventListener("click", play);
    byId("hottest").addEventListener("click", () => { stop(); show(hottest()); });
    byId("bare").addEventListener("click", toggle);
    byId("frame").addEventListener("wheel", (event) => {
      event.preventDefault();
      show(index + (event.deltaY > 0 ? 1 : -1));
    }, { passive: false });
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1,
        PageUp: -10, PageDown: 10 };
      if (event.key in steps) show(index + steps[event.key]);
      else if (event.key === "Home") show(0);
      else if (event.key === "End") show(slices.length - 1);
      else if (event.key === " ") play();
      else if (event.key === "m") { stop(); show(hottest()); }
      else if (event.key === "b") toggle();
      else return;
      event.preventDefault();
    });
    show(hottest());
    </script>
    </body>
    </html>
    """#
}
