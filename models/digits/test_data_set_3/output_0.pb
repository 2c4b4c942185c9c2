
BprobabilitiesJ(H‡;çß:$|!;÷âM:1
:4T¯;œ¤{?/—ÿ:|‡:I_m9