/// What the review page does.
///
/// A slice's two pictures appear together and its number with them: never the ink of one slice on
/// the scan of another, never a number before its picture.
enum ReviewScript {
  static let text = #"""
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const main = data.series[0], views = data.views;
    let series = main, slices = main.slices;
    const byId = (id) => document.getElementById(id);
    const frame = byId("frame"), content = byId("content"), slider = byId("slider");
    const where = byId("where"), fault = byId("fault");
    const loaded = new Map(), KEPT = 16, AHEAD = 4;
    let index = 0, presented = 0, asked = 0, shown = 0, direction = 1, playing = false;
    let mode = "map", zoom = 1, shiftX = 0, shiftY = 0, outlinesOn = false;
    let point = { column: (main.columns - 1) / 2, row: (main.rows - 1) / 2 };

    function element(name, attributes) {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in attributes) node.setAttribute(key, attributes[key]);
      return node;
    }

    // Pictures: the scan and the ink of a slice, loaded and decoded together.
    function pictures(i) {
      let entry = loaded.get(i);
      if (entry) { loaded.delete(i); loaded.set(i, entry); return entry; }
      const node = document.createElement("div");
      node.className = "slice";
      const scan = new Image(), ink = new Image();
      scan.className = "scan"; ink.className = "ink"; ink.alt = "";
      scan.src = slices[i].scan; ink.src = slices[i].ink;
      scan.draggable = ink.draggable = false;
      const burned = document.createElement("div");
      burned.className = "burned";
      burned.append(ink);
      node.append(scan, burned);
      entry = { node, scan, ink, burned, ready: Promise.all([scan, ink].map((image) => image.decode())) };
      entry.ready.catch(() => {});
      loaded.set(i, entry);
      // Only neighbours are kept: three hundred slices need not be in memory at once.
      for (const key of loaded.keys()) {
        if (loaded.size <= KEPT) break;
        if (Math.abs(key - index) > AHEAD) loaded.delete(key);
        else break;
      }
      return entry;
    }
    // The finished picture once more over the bare scan: the browser itself makes the difference.
    function dressed(entry, kind) {
      const under = entry.burned.querySelector(".under");
      if (kind !== "difference") { if (under) under.remove(); return entry.ready; }
      if (under) return entry.ready;
      const copy = entry.scan.cloneNode();
      copy.className = "under"; copy.alt = "";
      entry.burned.prepend(copy);
      entry.ready = Promise.all([entry.ready, copy.decode()]);
      return entry.ready;
    }
    // One slice after the other; what was asked for meanwhile and is no longer wanted is passed over,
    // so that the picture never falls behind the keys.
    let showing = null;
    function show(i) {
      i = Math.max(0, Math.min(slices.length - 1, i));
      if (i !== index) direction = i > index ? 1 : -1;
      index = i;
      slider.value = String(i + 1);
      asked++;
      showing ??= keepUp().finally(() => { showing = null; });
      return showing;
    }
    async function keepUp() {
      while (shown < asked) {
        const turn = asked, i = index, kind = mode, own = slices, entry = pictures(i);
        let whole = true;
        try { await dressed(entry, kind); } catch { whole = false; }
        // Another series was chosen meanwhile, and has asked for a picture of its own.
        if (own !== slices) continue;
        shown = turn;
        present(i, entry, kind, whole);
      }
    }
    function present(i, entry, kind, whole) {
      const old = content.querySelector(".slice");
      if (old !== entry.node) { if (old) old.replaceWith(entry.node); else content.prepend(entry.node); }
      for (const name of ["map", "bare", "difference"]) content.classList.toggle(name, kind === name);
      const s = slices[i];
      fault.hidden = whole;
      fault.textContent = whole ? "" :
        "A picture of slice " + s.n + " is missing or broken. Do not confirm; export again.";
      describe(entry, s, kind);
      where.textContent = "slice " + s.n + " / " + slices.length + ", " +
        (s.max === null ? "no dose calculated" : "max " + s.max);
      content.dataset.slice = s.n;
      presented = i;
      sharpen();
      outline();
      across();
      for (let k = 1; k <= AHEAD; k++) {
        const next = i + k * direction;
        if (next >= 0 && next < slices.length && shown === asked) pictures(next);
      }
    }
    // Another series of the stage: what points at slices goes back to the map first.
    function choose(next) {
      if (next === series) return;
      const kept = next.onSlices && series.onSlices ? index : Math.floor(next.slices.length / 2);
      series = next;
      slices = next.slices;
      loaded.clear();
      index = kept;
      slider.max = String(slices.length);
      byId("series").value = String(data.series.indexOf(next));
      place();
      show(kept);
    }
    function describe(entry, s, mode) {
      const kind = { map: series.name, bare: "Bare scan", difference: "Difference of dose map and scan" };
      entry.scan.alt = kind[mode] + ", slice " + s.n + " of " + slices.length;
    }
    function hottest() {
      let best = 0;
      slices.forEach((s, i) => { if ((s.gy ?? -1) > (slices[best].gy ?? -1)) best = i; });
      return best;
    }

    // Modes: the map, the scan alone, and what differs between them.
    function setMode(next) {
      mode = next;
      for (const name of ["map", "bare", "difference"]) {
        byId(name).setAttribute("aria-pressed", String(mode === name));
      }
      show(index);
    }

    // Zoom: the content is scaled and moved inside its frame.
    function fitted() {
      const box = frame.getBoundingClientRect();
      const ratio = series.aspect;
      const width = Math.min(box.width, box.height * ratio);
      return { width, height: width / ratio, box };
    }
    function place() {
      const { width, height, box } = fitted();
      content.style.width = width + "px";
      content.style.height = height + "px";
      frame.classList.toggle("zoomed", zoom > 1);
      const spare = (size, room) => Math.max(0, (size * zoom - room) / 2 + 20);
      if (zoom <= 1) { shiftX = 0; shiftY = 0; }
      shiftX = Math.max(-spare(width, box.width), Math.min(spare(width, box.width), shiftX));
      shiftY = Math.max(-spare(height, box.height), Math.min(spare(height, box.height), shiftY));
      content.style.transform = "translate(" + shiftX + "px," + shiftY + "px) scale(" + zoom + ")";
      sharpen();
    }
    function setZoom(next, x, y) {
      const before = zoom;
      zoom = Math.max(1, Math.min(16, next));
      if (x === undefined) {
        // Without a pointer the point of the views across comes to the middle.
        const { width, height } = fitted();
        shiftX = (0.5 - (point.column + 0.5) / main.columns) * width * zoom;
        shiftY = (0.5 - (point.row + 0.5) / main.rows) * height * zoom;
      } else {
        const box = frame.getBoundingClientRect();
        const dx = x - box.left - box.width / 2, dy = y - box.top - box.height / 2;
        shiftX = dx - (dx - shiftX) * zoom / before;
        shiftY = dy - (dy - shiftY) * zoom / before;
      }
      place();
    }
    function sharpen() {
      // Pixels stay squares where they are shown larger than they are.
      const width = content.clientWidth * zoom * devicePixelRatio;
      for (const image of content.querySelectorAll("img")) {
        image.classList.toggle("sharp", image.naturalWidth > 0 && width > 1.5 * image.naturalWidth);
      }
    }

    // The views across: the nearest of the pictures made, and where this slice and point lie on it.
    const figures = [...document.querySelectorAll("figure.across")];
    function fractions(view) {
      const u = view.alongRows ? point.column : point.row;
      const stack = main.slices, first = stack[0].d, last = stack[stack.length - 1].d;
      let a = (u - view.first) / (view.last - view.first);
      let s = (stack[presented].d - first) / (last - first);
      if (view.acrossReversed) a = 1 - a;
      if (view.stackReversed) s = 1 - s;
      const centre = (t, count) => (t * (count - 1) + 0.5) / count;
      return view.stackDown
        ? { x: centre(a, view.columns), y: centre(s, view.rows) }
        : { x: centre(s, view.columns), y: centre(a, view.rows) };
    }
    function across() {
      if (!series.onSlices) return;
      figures.forEach((figure, i) => {
        const view = views[i], u = view.alongRows ? point.row : point.column;
        let best = 0;
        view.at.forEach((at, k) => { if (Math.abs(at - u) < Math.abs(view.at[best] - u)) best = k; });
        const image = figure.querySelector("img"), file = view.files[best];
        if (image.getAttribute("src") !== file) image.src = file;
        const away = Math.round(Math.abs(view.at[best] - u));
        const line = (view.alongRows ? "row " : "column ") + Math.round(view.at[best] + 1);
        image.alt = view.name + " view of scan and isodose lines, " + line;
        figure.querySelector("figcaption span").textContent = ", " + line + " of the slices" +
          (away > 3 ? ", the nearest picture, " + away + " pixels from the point" : "");
        const { x, y } = fractions(view);
        figure.querySelector(".cross").setAttribute("d", "M0 " + y + "H1M" + x + " 0V1");
      });
    }
    figures.forEach((figure, i) => {
      const cut = figure.querySelector(".cut"), view = views[i];
      cut.addEventListener("click", (event) => {
        const box = cut.getBoundingClientRect();
        const t = (v, size, count) => (v / size * count - 0.5) / (count - 1);
        const h = t(event.clientX - box.left, box.width, view.columns);
        const v = t(event.clientY - box.top, box.height, view.rows);
        let a = view.stackDown ? h : v, s = view.stackDown ? v : h;
        if (view.acrossReversed) a = 1 - a;
        if (view.stackReversed) s = 1 - s;
        const u = view.first + a * (view.last - view.first);
        if (view.alongRows) point.column = u; else point.row = u;
        const stack = main.slices, first = stack[0].d;
        const wanted = first + s * (stack[stack.length - 1].d - first);
        let best = 0;
        stack.forEach((slice, k) => {
          if (Math.abs(slice.d - wanted) < Math.abs(stack[best].d - wanted)) best = k;
        });
        stop();
        choose(main);
        show(best);
      });
    });

    // Outlines: structures carried here by the registration, on the page only.
    function outline() {
      let svg = byId("outline");
      if (svg) svg.remove();
      const names = [];
      byId("names").textContent = "";
      if (!outlinesOn || !series.onSlices) return;
      svg = element("svg", { id: "outline", viewBox: "-0.5 -0.5 " + main.columns + " " + main.rows,
        preserveAspectRatio: "none", "aria-hidden": "true" });
      for (const structure of data.outlines) {
        const lines = structure.lines.filter((line) => line.slice === presented);
        if (lines.length) names.push(structure.name);
        for (const { points } of lines) {
          let path = "";
          for (let k = 0; k < points.length; k += 2) {
            path += (k === 0 ? "M" : "L") + points[k] + " " + points[k + 1];
          }
          svg.append(element("path", { d: path, class: "outline under" }));
          svg.append(element("path", { d: path, class: "outline" }));
        }
      }
      byId("names").textContent = names.length
        ? "outlines in this slice: " + names.join(", ") : "no outlines in this slice";
      content.append(svg);
    }

    // Playing, jumping.
    function stop() { playing = false; byId("play").setAttribute("aria-pressed", "false"); }
    async function play() {
      if (playing) { stop(); return; }
      playing = true;
      byId("play").setAttribute("aria-pressed", "true");
      while (playing) {
        const due = performance.now() + 110;
        await show(index + 1 < slices.length ? index + 1 : 0);
        await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
      }
    }
    let region = -1;
    function goTo(i) {
      const target = data.regions[i];
      if (!target || !target.inside) return;
      region = i;
      stop();
      choose(main);
      point = { column: target.column, row: target.row };
      for (const button of document.querySelectorAll(".region")) {
        if (Number(button.dataset.region) === i) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
      show(target.slice);
    }
    function nextRegion() {
      const count = data.regions.length;
      for (let k = 1; k <= count; k++) {
        const next = (region + k) % count;
        if (data.regions[next].inside) { goTo(next); return; }
      }
    }
    function toHottest() { stop(); choose(main); show(hottest()); }
    function step(by) { stop(); show(index + by); }
    for (const button of document.querySelectorAll(".region")) {
      button.addEventListener("click", () => goTo(Number(button.dataset.region)));
    }

    slider.addEventListener("input", () => { stop(); show(Number(slider.value) - 1); });
    if (byId("series")) {
      byId("series").addEventListener("change", (event) => {
        stop();
        choose(data.series[Number(event.target.value)]);
      });
    }
    byId("previous").addEventListener("click", () => step(-1));
    byId("next").addEventListener("click", () => step(1));
    byId("play").addEventListener("click", play);
    byId("hottest").addEventListener("click", toHottest);
    for (const name of ["map", "bare", "difference"]) {
      byId(name).addEventListener("click", () => setMode(name));
    }
    byId("in").addEventListener("click", () => setZoom(zoom * 1.5));
    byId("out").addEventListener("click", () => setZoom(zoom / 1.5));
    byId("fit").addEventListener("click", () => setZoom(1));
    function toggleOutlines() {
      outlinesOn = !outlinesOn && data.outlines.length > 0;
      byId("outlines").setAttribute("aria-pressed", String(outlinesOn));
      outline();
    }
    byId("outlines").addEventListener("click", toggleOutlines);
    frame.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.deltaY === 0) return;
      if (event.ctrlKey || event.metaKey) {
        setZoom(zoom * (event.deltaY > 0 ? 1 / 1.2 : 1.2), event.clientX, event.clientY);
      } else step(event.deltaY > 0 ? 1 : -1);
    }, { passive: false });
    let drag = null;
    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      drag = { x: event.clientX, y: event.clientY, left: shiftX, top: shiftY, moved: false };
      frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
      if (Math.abs(dx) + Math.abs(dy) > 4) drag.moved = true;
      if (!drag.moved || zoom === 1) return;
      shiftX = drag.left + dx;
      shiftY = drag.top + dy;
      place();
    });
    frame.addEventListener("pointerup", (event) => {
      if (!drag) return;
      if (!drag.moved) {
        const box = content.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
        if (series.onSlices && x >= 0 && x < 1 && y >= 0 && y < 1) {
          point = { column: x * main.columns - 0.5, row: y * main.rows - 0.5 };
          across();
        }
      }
      drag = null;
    });
    frame.addEventListener("pointercancel", () => { drag = null; });
    // The room for the picture changes with the window and with what stands below it.
    new ResizeObserver(place).observe(frame);
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const inSide = event.target.id === "side";
      const onButton = event.target.tagName === "BUTTON" || event.target.tagName === "A";
      const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, PageUp: -10,
        PageDown: 10 };
      const scrolls = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];
      // Beside the pictures these keys scroll, and a button's own keys are its own.
      if (inSide && scrolls.includes(event.key)) return;
      if (onButton && (event.key === " " || event.key === "Enter")) return;
      if (event.key in steps) step(steps[event.key]);
      else if (event.key === "Home") step(-slices.length);
      else if (event.key === "End") step(slices.length);
      else if (event.key === " ") play();
      else if (event.key === "m") toHottest();
      else if (event.key === "r" && data.regions.length) nextRegion();
      else if (event.key === "b" || event.key === "s") setMode(mode === "bare" ? "map" : "bare");
      else if (event.key === "d") setMode(mode === "difference" ? "map" : "difference");
      else if (event.key === "o" && data.outlines.length) toggleOutlines();
      else if (event.key === "+" || event.key === "=") setZoom(zoom * 1.5);
      else if (event.key === "-") setZoom(zoom / 1.5);
      else if (event.key === "0") setZoom(1);
      else return;
      event.preventDefault();
    });
    place();
    const opening = data.regions.find((target) => target.inside);
    if (opening) point = { column: opening.column, row: opening.row };
    show(Math.floor(slices.length / 2));
    """#
}
