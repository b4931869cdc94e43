(function () {
  "use strict";
  var tip = document.createElement("div"), pointed = null;
  tip.id = "tip"; tip.setAttribute("role", "status"); tip.hidden = true; document.body.appendChild(tip);
  function hide() { tip.hidden = true; if (pointed) pointed.classList.remove("pointed"); pointed = null; }
  function show(mark) {
    hide();
    pointed = mark; mark.classList.add("pointed");
    tip.textContent = mark.getAttribute("data-tip"); tip.hidden = false;
    var box = mark.getBoundingClientRect(), own = tip.getBoundingClientRect();
    var x = box.x + box.width / 2 - own.width / 2, y = box.y - own.height - 8;
    tip.style.transform = "none";
    tip.style.insetBlockStart = (y < 4 ? box.bottom + 8 : y) + "px";
    tip.style.insetInlineStart = "auto";
    tip.style.left = Math.max(4, Math.min(x, document.documentElement.clientWidth - own.width - 4)) + "px";
  }
  function nearest(plot, event) {
    var best = null, least = 40;
    plot.querySelectorAll("[data-tip]").forEach(function (mark) {
      var box = mark.getBoundingClientRect();
      var dx = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      var dy = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      var distance = Math.hypot(dx, dy);
      if (distance < least) { least = distance; best = mark; }
    });
    return best;
  }
  document.querySelectorAll("svg.plot").forEach(function (plot) {
    plot.addEventListener("pointermove", function (event) { var mark = nearest(plot, event); if (mark) show(mark); else hide(); });
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", function (event) {
      var marks = Array.prototype.slice.call(plot.querySelectorAll("[data-tip]")), at = marks.indexOf(pointed);
      if (event.key === "Escape") { hide(); return; }
      if (event.key === "ArrowRight" || event.key === "ArrowDown") at = Math.min(at + 1, marks.length - 1);
      else if (event.key === "ArrowLeft" || event.key === "ArrowUp") at = Math.max(at - 1, 0);
      else return;
      event.preventDefault();
      if (marks[at]) show(marks[at]);
    });
  });
  addEventListener("scroll", hide, { passive: true });
})();
