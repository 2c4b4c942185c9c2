using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Conformance;
using AotCompiler.Compiler;
using Shouldly;
using Xunit.Abstractions;

namespace AotCompiler.Conformance.Tests;

/// <summary>Compiled code against the ONNX conformance suite: some cases of every kind of kernel, and on request the whole suite.</summary>
public sealed class CompiledConformanceTests
{
    /// <summary>Cases that reach every kernel once; the whole suite takes minutes.</summary>
    private static readonly string[] _representative =
    [
        "test_add_bcast", "test_and4d", "test_argmax_keepdims_random_select_last_index", "test_averagepool_2d_pads_count_include_pad", "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_True",
        "test_batchnorm_epsilon", "test_bitshift_right_uint16", "test_cast_FLOAT_to_DOUBLE", "test_clip_default_inbounds", "test_concat_3d_axis_negative_2", "test_conv_with_autopad_same",
        "test_conv_with_strides_and_asymmetric_padding", "test_convtranspose_output_shape", "test_convtranspose_group_2", "test_cumsum_2d_axis_1", "test_depthtospace_crd_mode_example", "test_div_int32_trunc",
        "test_erf", "test_gather_negative_indices", "test_gather_elements_1", "test_gathernd_example_int32_batch_dim1", "test_gelu_tanh_2", "test_gemm_all_attributes", "test_globalaveragepool",
        "test_globalmaxpool", "test_group_normalization_epsilon", "test_gru_defaults", "test_gru_batchwise", "test_hardmax_axis_1", "test_instancenorm_epsilon", "test_layer_normalization_4d_axis1", "test_lrn",
        "test_lstm_with_peepholes", "test_lstm_batchwise", "test_matmul_4d", "test_maxpool_2d_dilations", "test_maxpool_with_argmax_2d_precomputed_strides", "test_mod_mixed_sign_int64",
        "test_mvn", "test_onehot_with_negative_axis", "test_reflect_pad", "test_pow_types_float32_int64", "test_prelu_broadcast", "test_reduce_log_sum_exp_keepdims_random", "test_reduce_mean_do_not_keepdims_random",
        "test_reduce_prod_negative_axes_keepdims_random", "test_resize_downsample_scales_cubic", "test_resize_upsample_sizes_nearest_floor_align_corners", "test_reversesequence_time", "test_rms_normalization_2d_axis1",
        "test_scatter_elements_with_duplicate_indices", "test_scatternd_add", "test_simple_rnn_with_initial_bias", "test_slice_neg_steps", "test_softmax_large_number", "test_logsoftmax_axis_0", "test_spacetodepth",
        "test_split_variable_parts_1d_opset18", "test_sum_example", "test_tanh", "test_tile", "test_top_k_negative_axis", "test_transpose_all_permutations_4", "test_tril_neg", "test_where_long_example", "test_xor_bcast4v4d",
    ];

    private readonly ITestOutputHelper _output;

    public CompiledConformanceTests(ITestOutputHelper output)
    {
        _output = output;
    }

    public static TheoryData<string> Isas() => new("x86-64-v4", "x86-64-v3", "baseline");

    [Theory]
    [MemberData(nameof(Isas))]
    public void RepresentativeCasesPass(string isa)
    {
        if (NodeSuite.Root is null)
        {
            _output.WriteLine("skipped: the conformance suite is neither in ../shared nor where AOTC_SHARED points");
            return;
        }

        ConformanceCase[] cases = ConformanceSuite.Find(NodeSuite.Root, null).Cases.Where(static c => _representative.Contains(c.Name)).ToArray();
        cases.Select(static c => c.Name).Order().ShouldBe(_representative.Order());
        Failures(Run(cases, isa)).ShouldBeEmpty();
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Isas))]
    public void WholeSuiteGivesNoWrongResult(string isa)
    {
        if (NodeSuite.Root is null)
        {
            _output.WriteLine("skipped: the conformance suite is neither in ../shared nor where AOTC_SHARED points");
            return;
        }

        IReadOnlyList<CaseOutcome> outcomes = Run(ConformanceSuite.Find(Path.GetDirectoryName(NodeSuite.Root)!, null).Cases, isa);
        Failures(outcomes.Where(static o => o.Status == CaseStatus.Wrong)).ShouldBeEmpty();
        _output.WriteLine($"{outcomes.Count(static o => o.Status == CaseStatus.Passed)} of {outcomes.Count} cases pass");
    }

    private static IReadOnlyList<CaseOutcome> Run(IReadOnlyList<ConformanceCase> cases, string isa) =>
        ConformanceRunner.Run(cases, TargetIsa.TryParse(isa)!, new Tolerance(1e-3, 1e-7), static _ => { }, CancellationToken.None);

    private static IEnumerable<string> Failures(IEnumerable<CaseOutcome> outcomes) =>
        outcomes.Where(static o => o.Status != CaseStatus.Passed).Select(static o => $"{o.Case.Name}: {o.Reason}");
}
