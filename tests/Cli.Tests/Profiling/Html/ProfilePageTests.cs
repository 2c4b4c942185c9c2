using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AotCompiler.Cli.Profiling.Html;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler.Printing;
using Shouldly;

namespace AotCompiler.Cli.Tests.Profiling.Html;

public sealed partial class ProfilePageTests
{
    private const string HostileName = "a<script>alert(1)</script>\"&\u0001\ud800{{rows}}";

    [Fact]
    public void EveryStepAndBufferIsInThePage()
    {
        string page = ProfilePage.Write("mobile", Report(peer: false), Plan());

        XElement[] pictures = Pictures(page);
        pictures.Length.ShouldBe(4);
        pictures[1].Descendants("g").Count(static g => g.Attribute("data-step") is not null).ShouldBe(3);
        pictures[2].Descendants("rect").Count().ShouldBe(2);
        pictures[3].Descendants("circle").Count().ShouldBe(2);
        Rows().Matches(page).Count.ShouldBe(3);
        page.ShouldContain("<h1>mobile</h1>");
        page.ShouldNotContain("ONNX Runtime");
    }

    [Fact]
    public void PicturesStayInTheirBounds()
    {
        foreach (XElement picture in Pictures(ProfilePage.Write("mobile", Report(peer: true), Plan())))
        {
            double[] box = picture.Attribute("viewBox")!.Value.Split(' ').Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            foreach (XElement rectangle in picture.Descendants("rect"))
            {
                double x = (double)rectangle.Attribute("x")!, y = (double)rectangle.Attribute("y")!;
                x.ShouldBeGreaterThanOrEqualTo(0);
                y.ShouldBeGreaterThanOrEqualTo(-0.01);
                (x + (double)rectangle.Attribute("width")!).ShouldBeLessThanOrEqualTo(box[2] + 0.02);
                (y + (double)rectangle.Attribute("height")!).ShouldBeLessThanOrEqualTo(box[3] + 0.02);
            }
        }
    }

    [Fact]
    public void BarsAreAsHighAsTimes()
    {
        double[] heights = Pictures(ProfilePage.Write("mobile", Report(peer: false), Plan()))[1].Descendants("rect")
            .Where(static r => r.Attribute("class")!.Value != "hit")
            .Select(static r => (double)r.Attribute("height")!)
            .ToArray();
        heights.Length.ShouldBe(3);
        (heights[1] / heights[0]).ShouldBe(3, 0.01);
        (heights[2] / heights[0]).ShouldBe(6, 0.01);
    }

    [Fact]
    public void PeerHasMarksAndColumns()
    {
        string page = ProfilePage.Write("mobile", Report(peer: true), Plan());
        Pictures(page)[1].Elements("g").Last().Elements().Count().ShouldBe(1);
        page.ShouldContain("ONNX Runtime");
        page.ShouldContain(">2.50<");
    }

    /// <summary>With threads the table shows what they gain, and the roof is that of all cores.</summary>
    [Fact]
    public void ThreadsHaveColumnsAndAHigherRoof()
    {
        ProfileReport report = Report(peer: false);
        string page = ProfilePage.Write("mobile", report with { Threads = 2, Steps = report.Steps.Select(static s => s with { OneThreadUs = 1.75 * s.MinUs, Speedup = 1.75 }).ToArray() }, Plan());
        page.ShouldContain(">Speedup<");
        Rows().Matches(page).Count.ShouldBe(3);
        page.Split(">1.75<").Length.ShouldBe(4);
        page.ShouldContain("FMA 200 GFLOP/s");
        ProfilePage.Write("mobile", report, Plan()).ShouldNotContain("Speedup");
    }

    [Fact]
    public void NamesOfAModelAreText()
    {
        string page = ProfilePage.Write(HostileName, Report(peer: true, HostileName), Plan(HostileName));
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain('\u0001');
        page.ShouldContain("alert(1)");
        Rows().Matches(page).Count.ShouldBe(3);
        Pictures(page).Length.ShouldBe(4);
    }

    [Fact]
    public void ModelWithoutWorkHasAPageToo()
    {
        ProfileReport report = Report(peer: false) with { Steps = [], StepSumMs = 0 };
        PlanDescription plan = Plan() with { ArenaBytes = 0, Buffers = [], StepCount = 0 };
        ProfilePage.Write("empty", report, plan).ShouldContain("needs no working memory");
    }

    [Fact]
    public void PageNeedsNothingElse()
    {
        string page = ProfilePage.Write("mobile", Report(peer: true), Plan());
        page.ShouldNotContain("http:");
        page.ShouldNotContain("https:");
        page.ShouldNotContain("src=");
        page.ShouldNotContain("{{");
    }

    private static XElement[] Pictures(string page) => Svg().Matches(page).Select(static m => XElement.Parse(m.Value)).ToArray();

    private static ProfileReport Report(bool peer, string name = "conv") => new()
    {
        Model = "model.onnx",
        Dimensions = new Dictionary<string, int> { ["batch"] = 1 },
        Inputs = "generated",
        Isa = "auto",
        VectorBits = 256,
        Threads = 1,
        Runs = 10,
        MinMs = 0.1,
        MedianMs = 0.12,
        StepSumMs = 0.1,
        MultiplyAdds = 3_000_000,
        GigaFlops = 60,
        PercentOfPeak = 60,
        ArenaBytes = 8192,
        ArenaLowerBoundBytes = 8192,
        WeightBytes = 1000,
        Peak = new PeakReport(100, 200, 100, 20),
        Steps = [Step(0, name, 10, 1_000_000, null), Step(1, name, 30, 0, null), Step(2, name, 60, 2_000_000, peer ? 150 : null)],
        Onnxruntime = peer ? new PeerProfile("1.0", 0.2, 150, 0) : null,
    };

    private static StepProfile Step(int index, string name, double time, long multiplyAdds, double? peer) => new()
    {
        Index = index,
        Name = name,
        Operator = "Conv",
        Kind = multiplyAdds > 0 ? "Conv 3×3" : "pool",
        Kernel = "contraction",
        Summary = "y = W·x",
        Output = [1, 16, 4, 4],
        MinUs = time,
        MedianUs = time,
        Share = time / 100,
        MultiplyAdds = multiplyAdds,
        GigaFlops = multiplyAdds > 0 ? 2e-3 * multiplyAdds / time : null,
        PercentOfPeak = multiplyAdds > 0 ? 2e-3 * multiplyAdds / time : null,
        BytesMoved = 4096,
        GigabytesPerSecond = 1,
        OnnxruntimeUs = peer,
        OnnxruntimeNodes = peer is null ? null : ["n (Conv)"],
    };

    private static PlanDescription Plan(string name = "conv") => new()
    {
        ArenaBytes = 8192,
        ArenaLowerBoundBytes = 8192,
        ArenaWithoutReuseBytes = 8192,
        Strategy = "test",
        WeightBytes = 1000,
        StepCount = 3,
        MultiplyAdds = 3_000_000,
        Buffers = [new BufferDescription(name, 4096, 0, 0, 1), new BufferDescription(name, 4096, 4096, 1, 2)],
        InPlace = [],
        Weights = [],
    };

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [GeneratedRegex("<tr data-step=")]
    private static partial Regex Rows();
}
