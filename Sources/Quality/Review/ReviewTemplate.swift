/// The review page's frame.
///
/// Words in double braces are filled in by ``ReviewPage``. The page loads nothing but the pictures
/// beside it, and says so to the browser.
enum ReviewTemplate {
  static let text = #"""
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{label}}: review</title>
    <link rel="icon" href="data:,">
    <style>
    {{style}}
    </style>
    </head>
    <body>
    <header><h1>{{label}}</h1><a id="summary" href="#checks">{{summary}}</a>
    <span id="keys"><kbd>&larr;</kbd><kbd>&rarr;</kbd> slice <kbd>space</kbd> play
    <kbd>m</kbd> highest dose <kbd>r</kbd> next region <kbd>b</kbd> bare <kbd>d</kbd> difference
    <kbd>o</kbd> outlines
    <kbd>+</kbd><kbd>&minus;</kbd><kbd>0</kbd> zoom</span></header>
    <main>
    <section id="viewer" aria-label="Slices">
    <div id="frame" tabindex="0" role="group" aria-label="Slice; the wheel and the arrow keys change it, a click sets the point of the views across">
    <div id="content"></div>
    <p id="fault" role="alert" hidden></p>
    </div>
    <div class="controls">
    <button id="previous" aria-label="Previous slice">&#9664;</button>
    <input id="slider" type="range" min="1" max="{{count}}" value="1" aria-label="Slice">
    <button id="next" aria-label="Next slice">&#9654;</button>
    <output id="where" for="slider"></output>
    </div>
    <div class="controls">
    {{series}}<button id="play" aria-pressed="false">Play</button>
    <button id="hottest">Highest dose</button>
    <span role="group" aria-label="What is shown">
    <button id="map" aria-pressed="true">Map</button><button id="bare" aria-pressed="false">Bare scan</button><button id="difference" aria-pressed="false">Difference</button></span>
    <span role="group" aria-label="Zoom">
    <button id="out" aria-label="Zoom out">&minus;</button><button id="fit">Fit</button><button id="in" aria-label="Zoom in">+</button></span>
    <button id="outlines" aria-pressed="false"{{outlines}}>Outlines</button>
    <output id="names" aria-live="off"></output>
    </div>
    </section>
    <section id="across" aria-label="Views across the slices, and regions">
    {{views}}
    <h2>High-dose regions</h2>
    {{regions}}
    </section>
    <section id="side" aria-label="What was found" tabindex="0">
    <h2>Course</h2>
    <table id="course">{{facts}}</table>
    <h2>Isodose volumes</h2>
    {{isodoses}}
    <h2>Dose-volume histogram</h2>
    {{histograms}}
    <h2>Checks</h2>
    {{checks}}
    </section>
    </main>
    <noscript>This page needs scripts to show the slices; they are the pictures in the folders scan and ink beside it.</noscript>
    <script type="application/json" id="data">{{data}}</script>
    <script>
    {{script}}
    </script>
    </body>
    </html>
    """#
}
